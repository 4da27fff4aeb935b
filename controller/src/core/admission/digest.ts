/** A short tag of a value: the same for equal values, another one for nearly all others. Keeps no secrets. */
export type Plain = string | number | boolean | null | readonly Plain[];

/** 16 hex digits: two 32-bit FNV-1a hashes of its JSON, with different beginnings and multipliers. */
export function digest(value: Plain): string {
  const text = JSON.stringify(value);
  return hash(text, 0x811c9dc5, 0x01000193) + hash(text, 0x9747b28c, 0x5bd1e995);
}

function hash(text: string, begin: number, factor: number): string {
  let state = begin;
  for (let index = 0; index < text.length; index += 1)
    state = Math.imul(state ^ text.charCodeAt(index), factor);
  return ((state ^ (state >>> 15)) >>> 0).toString(16).padStart(8, '0');
}
