/** Multipart replies that are too long for one message, cut into several. */
import { encodeMessage, type Message } from '../codec.ts';
import { OFPMPF } from '../generated/of13/constants.ts';
import { TooLongError } from '../runtime/protocol-error.ts';
import { codecOf, type Version, wireVersion } from '../versions.ts';

type AnyMessage = Message<Version>;

/** The messages that carry this reply: itself when it fits, else parts of which all but the last say MORE. */
export function fragmentsOf(reply: AnyMessage, version: Version): readonly AnyMessage[] {
  const list = codecOf(wireVersion(version))?.fragmentLists[reply.type];
  if (list === undefined || fits(reply, version)) return [reply];
  // The table names, per type, the member that is a list; the compiler cannot follow it.
  const elements = (reply as unknown as Record<string, readonly unknown[]>)[list] ?? [];
  if (elements.length < 2) return [reply];
  const half = Math.ceil(elements.length / 2);
  const part = (from: number, to: number): AnyMessage =>
    ({ ...reply, [list]: elements.slice(from, to) }) as AnyMessage;
  const first = fragmentsOf(part(0, half), version).map(
    (fragment) => ({ ...fragment, flags: OFPMPF.MORE }) as AnyMessage,
  );
  return [...first, ...fragmentsOf(part(half, elements.length), version)];
}

function fits(message: AnyMessage, version: Version): boolean {
  try {
    encodeMessage(message, 0, version);
    return true;
  } catch (error) {
    if (error instanceof TooLongError) return false;
    throw error;
  }
}
