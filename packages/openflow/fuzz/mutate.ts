/** Other messages from messages: what a broken or hostile peer might send. */

/** A source of numbers from 0 to 1; the same seed gives the same numbers (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Numbers at the edges of fields. */
const EDGES = [0, 1, 2, 4, 7, 8, 16, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xfffe, 0xffff];
/** A bound, because mutants are parents too. */
const BYTES_MAX = 4096;
const MUTATIONS_MAX = 4;

export function mutate(parent: Uint8Array, other: Uint8Array, random: () => number): Uint8Array {
  const pick = (count: number): number => Math.floor(random() * count);
  let bytes: Uint8Array = parent.slice();
  for (let count = 1 + pick(MUTATIONS_MAX); count > 0; count--) {
    bytes = MUTATIONS[pick(MUTATIONS.length)]?.(bytes, other, pick) ?? bytes;
  }
  bytes = bytes.slice(0, BYTES_MAX);
  // Nine in ten get a right header length: the others would only test the framing.
  if (bytes.length >= 4 && pick(10) !== 0) new DataView(bytes.buffer).setUint16(2, bytes.length);
  return bytes;
}

type Mutation = (bytes: Uint8Array, other: Uint8Array, pick: (count: number) => number) => Uint8Array;

const MUTATIONS: readonly Mutation[] = [
  // Flip a bit.
  (bytes, _, pick) => changed(bytes, pick(bytes.length), (byte) => byte ^ (1 << pick(8))),
  // Any byte.
  (bytes, _, pick) => changed(bytes, pick(bytes.length), () => pick(256)),
  // A u16 at the edge of its range, as lengths and types are.
  (bytes, _, pick) => {
    const at = pick(Math.max(1, bytes.length >> 1)) * 2;
    const copy = bytes.slice();
    if (at + 2 <= copy.length) new DataView(copy.buffer).setUint16(at, EDGES[pick(EDGES.length)] ?? 0);
    return copy;
  },
  // Another version or type.
  (bytes, _, pick) => changed(bytes, pick(2), () => pick(40)),
  // Cut short.
  (bytes, _, pick) => bytes.slice(0, pick(bytes.length + 1)),
  // Repeat a part, as one element more.
  (bytes, _, pick) => {
    const from = pick(bytes.length + 1);
    const to = from + pick(bytes.length - from + 1);
    return joined(bytes.slice(0, to), bytes.slice(from));
  },
  // A part of another message.
  (bytes, other, pick) => {
    const at = pick(bytes.length + 1);
    const from = pick(other.length + 1);
    return joined(bytes.slice(0, at), other.slice(from, from + pick(64)), bytes.slice(at));
  },
  // The beginning of one and the end of another.
  (bytes, other, pick) => joined(bytes.slice(0, pick(bytes.length + 1)), other.slice(pick(other.length + 1))),
];

function changed(bytes: Uint8Array, at: number, change: (byte: number) => number): Uint8Array {
  const copy = bytes.slice();
  if (at < copy.length) copy[at] = change(copy[at] ?? 0);
  return copy;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
