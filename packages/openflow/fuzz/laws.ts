/** What must hold of any bytes at all. */
import { isDeepStrictEqual } from 'node:util';
import { decodeMessage, EncodeError, encodeMessage, ProtocolError } from '../src/index.ts';

/** An input that takes longer hangs, for all that a switch cares. */
const SLOW_MS = 250;

/** Why these bytes break a law, or undefined. */
export function broken(bytes: Uint8Array): string | undefined {
  const [complaint, took] = timed(bytes);
  if (complaint !== undefined || took <= SLOW_MS) return complaint;
  // A busy machine stops a process for longer than this; what is slow is slow again.
  const [, again] = timed(bytes);
  return again > SLOW_MS ? `took ${Math.min(took, again).toFixed(0)} ms` : undefined;
}

function timed(bytes: Uint8Array): readonly [complaint: string | undefined, ms: number] {
  const start = process.cpuUsage();
  const complaint = roundTrip(bytes);
  return [complaint, process.cpuUsage(start).user / 1_000];
}

function roundTrip(bytes: Uint8Array): string | undefined {
  try {
    const first = decodeMessage(bytes);
    const again = encodeMessage(first.message, first.xid, first.version);
    const second = decodeMessage(again);
    if (!isDeepStrictEqual(second, first)) return 'what is encoded decodes to something else';
    const thrice = encodeMessage(second.message, second.xid, second.version);
    return Buffer.compare(again, thrice) === 0 ? undefined : 'encoding twice gives other bytes';
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    // A hello of a version that nobody knows cannot be said by us.
    if (error instanceof EncodeError && /there is no version/.test(error.message)) return undefined;
    return `${error}`;
  }
}
