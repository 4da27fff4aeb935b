/**
 * Damaged messages of the corpus, judged by Open vSwitch: a bit or a byte of the body is changed. What decodes here
 * means the same to ovs-ofctl after it was encoded again, what does not is refused with ProtocolError, and hardly
 * anything is refused that Open vSwitch reads.
 */
import { describe, expect, it } from 'vitest';
import { decodeMessage, encodeMessage, ProtocolError } from '../src/index.ts';
import { type CorpusMessage, corpus } from './corpus.ts';
import { printedTexts } from './printed.ts';
import { mustSkipWithoutOpenVswitch } from './skipped.ts';

const TEST_MS_MAX = 300_000;
const HEADER_BYTES = 8;
/** Longer messages repeat their elements. */
const MESSAGE_BYTES_MAX = 1_000;
const DAMAGES_PER_MESSAGE = 2;
/** Of a thousand damaged messages that Open vSwitch reads: it passes over bits and lengths that mean nothing to it. */
const REFUSED_PER_THOUSAND_MAX = 5;
const SHOWN_MAX = 12;
const CHANGES = [1, 2, 4, 8, 16, 32, 64, 128, 255] as const;
const SEED = 20_251;

interface Damaged {
  readonly original: CorpusMessage;
  readonly bytes: Buffer;
  readonly place: string;
}

describe.skipIf(mustSkipWithoutOpenVswitch('damaged messages, judged by Open vSwitch'))(
  'a damaged message',
  () => {
    it(
      'is refused, or means the same after decoding and encoding',
      async () => {
        const damaged = damage((await corpus()).messages.filter(isShort));
        const texts = printedTexts(damaged.map(({ bytes }) => bytes));
        const again = damaged.map(({ bytes }) => reencoded(bytes));
        const changed = again.flatMap((result, index) =>
          Buffer.isBuffer(result) ? [{ result, index }] : [],
        );
        const textsAgain = printedTexts(changed.map(({ result }) => result));
        const differences = changed.flatMap(({ index }, at) => {
          const text = texts[index] ?? '';
          return isRead(text) && text !== textsAgain[at]
            ? [describeDamage(damaged[index], text, textsAgain[at])]
            : [];
        });
        const refusals = again.flatMap((result, index) =>
          result instanceof ProtocolError
            ? [{ result, text: texts[index] ?? '', place: damaged[index]?.place }]
            : [],
        );
        const onlyHere = refusals.filter(({ text }) => isRead(text));
        const read = texts.filter(isRead).length;
        console.log(report(damaged.length, read, refusals, onlyHere));
        expect(differences.slice(0, SHOWN_MAX)).toEqual([]);
        expect(onlyHere.length).toBeLessThanOrEqual((read * REFUSED_PER_THOUSAND_MAX) / 1_000);
      },
      TEST_MS_MAX,
    );
  },
);

function isShort({ hex, printed }: CorpusMessage): boolean {
  const size = hex.length / 2;
  return (
    size > HEADER_BYTES &&
    size <= MESSAGE_BYTES_MAX &&
    isRead(printed) &&
    Number.parseInt(hex.slice(2, 4), 16) > 1
  );
}

/** ovs-ofctl says of what it cannot read: `***decode error: OFPBRC_BAD_LEN***`, or names the error alone. */
function isRead(text: string): boolean {
  return !/\*\*\*|error/.test(text);
}

/** The same damage in every run. */
function damage(messages: readonly CorpusMessage[]): readonly Damaged[] {
  let state = SEED;
  const random = (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
  return messages.flatMap((original) =>
    Array.from({ length: DAMAGES_PER_MESSAGE }, () => {
      const bytes = Buffer.from(original.hex, 'hex');
      const at = HEADER_BYTES + random(bytes.length - HEADER_BYTES);
      const change = CHANGES[random(CHANGES.length)] ?? 1;
      bytes.writeUInt8((bytes[at] ?? 0) ^ change, at);
      return { original, bytes, place: `byte ${at} xor ${change}` };
    }),
  );
}

/** Anything else that is thrown fails the test. */
function reencoded(bytes: Buffer): Buffer | ProtocolError {
  try {
    const { message, xid, version } = decodeMessage(Uint8Array.from(bytes));
    return Buffer.from(encodeMessage(message, xid, version));
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw new Error(`${bytes.toString('hex')} threw`, { cause: error });
  }
}

function describeDamage(damaged: Damaged | undefined, before: string, after: string | undefined): string {
  return `${damaged?.original.text}, ${damaged?.place}: ${before.slice(0, 300)} became ${after?.slice(0, 300)}`;
}

function report(
  all: number,
  read: number,
  refusals: readonly { result: ProtocolError; text: string }[],
  onlyHere: readonly { result: ProtocolError }[],
): string {
  const shared = refusals.filter(({ text }) => !isRead(text));
  const sameCode = shared.filter(({ result, text }) => text.includes(result.detail.name));
  const kinds = new Map<string, number>();
  for (const { result } of onlyHere) {
    const kind = result.message.replace(/\d+/g, 'N').replace(/ \(.*/, '');
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  const lines = [...kinds].sort((a, b) => b[1] - a[1]).map(([kind, count]) => `  ${count} × ${kind}`);
  return [
    `${all} damaged messages; Open vSwitch reads ${read}, of which ${onlyHere.length} are refused here`,
    `${shared.length} are refused by both, ${sameCode.length} with the same code`,
    ...lines,
  ].join('\n');
}
