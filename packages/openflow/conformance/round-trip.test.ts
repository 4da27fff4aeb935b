/**
 * Byte for byte, on messages that another implementation made: whatever Open vSwitch sends, in any version, decodes,
 * and encodes to the same bytes. What it refuses to read itself may be refused here too.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeMessage, encodeMessage, ProtocolError } from '../src/index.ts';
import { type Corpus, type CorpusMessage, corpus } from './corpus.ts';
import { WIRE_VERSIONS, type WireVersion } from './ovs-ofctl.ts';
import { mustSkipWithoutOpenVswitch } from './skipped.ts';

/** Building takes half a minute on two cores, once; later runs read it from a file. */
const BUILD_MS_MAX = 240_000;
/** So many failures of one version are shown. */
const SHOWN_MAX = 12;

interface Outcome {
  readonly message: CorpusMessage;
  /** `same`, or what went wrong. */
  readonly result: string;
  readonly type: string;
  /** Places that are kept as bytes because nothing names them. */
  readonly unknown: readonly string[];
}

describe.skipIf(mustSkipWithoutOpenVswitch('the round trip of what Open vSwitch sends'))('the corpus', () => {
  let built: Corpus;
  const outcomes = new Map<WireVersion, readonly Outcome[]>();

  beforeAll(async () => {
    built = await corpus();
    for (const version of WIRE_VERSIONS)
      outcomes.set(version, built.messages.filter((one) => one.version === version).map(roundTrip));
    console.log(table(outcomes));
  }, BUILD_MS_MAX);

  it.each(WIRE_VERSIONS)('is the same after decoding and encoding, wire version %i', (version) => {
    const different = (outcomes.get(version) ?? []).filter(({ result }) => result !== 'same');
    const unexpected = different.filter(({ message }) => !isRefusedByOpenVswitch(message));
    expect(unexpected.slice(0, SHOWN_MAX).map(describeOutcome)).toEqual([]);
  });

  it.each(WIRE_VERSIONS)('is large enough to mean something, wire version %i', (version) => {
    expect((outcomes.get(version) ?? []).length).toBeGreaterThan(500);
  });
});

function roundTrip(message: CorpusMessage): Outcome {
  const bytes = Uint8Array.from(Buffer.from(message.hex, 'hex'));
  try {
    const decoded = decodeMessage(bytes);
    const again = Buffer.from(encodeMessage(decoded.message, decoded.xid, decoded.version)).toString('hex');
    const result = again === message.hex ? 'same' : `encodes to ${again}`;
    return { message, result, type: decoded.message.type, unknown: unknownIn(decoded.message) };
  } catch (error) {
    const name = error instanceof ProtocolError ? 'refused' : 'threw';
    return { message, result: `${name}: ${String(error)}`, type: name, unknown: [] };
  }
}

/** ovs-ofctl cannot print what it made itself: an action or a field of a later version. */
function isRefusedByOpenVswitch({ printed }: CorpusMessage): boolean {
  return /\*\*\*decode error/.test(printed.split('\n')[0] ?? '');
}

function unknownIn(value: unknown, path = ''): readonly string[] {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return [];
  const own =
    'type' in value && typeof value.type === 'string' && value.type.startsWith('unknown') ? [path] : [];
  const fields = Object.entries(value).flatMap(([key, inner]) =>
    /^0x[0-9a-f]{8}/.test(key)
      ? [`${path}.${key}`]
      : unknownIn(inner, Array.isArray(value) ? `${path}[]` : `${path}.${key}`),
  );
  return [...own, ...fields];
}

function describeOutcome({ message, result, type }: Outcome): string {
  const { source, command, text, hex } = message;
  return `${type} of ${source} ${command} | ${text} | ${hex.slice(0, 400)} | ${result.slice(0, 400)}`;
}

function table(outcomes: ReadonlyMap<WireVersion, readonly Outcome[]>): string {
  const rows = [...outcomes].map(([version, all]) => {
    const count = (test: (one: Outcome) => boolean) => String(all.filter(test).length).padStart(8);
    return [
      `   ${version}   `,
      count(() => true),
      count(({ result }) => result === 'same'),
      count(({ result, message }) => result !== 'same' && isRefusedByOpenVswitch(message)),
      count(({ unknown }) => unknown.length > 0),
    ].join(' ');
  });
  return ['version messages     same  refused  unknown', ...rows].join('\n');
}
