/**
 * `JSON.parse` without its one loss: an integer beyond 2^53 becomes a bigint instead of being rounded. One search
 * tells whether the text may hold such a number at all; hardly any does, and then nothing else is done.
 */
import { randomUUID } from 'node:crypto';
import { protocolViolation } from './error.ts';
import type { Json } from './json.ts';

/** Where a number may begin: 2^53 has 16 digits, so a shorter number is safe. Inside strings it may match too. */
const LONG_NUMBER = /(?:^|[[,:\s-])\d{16}/;
/** Nobody else can know it, so no peer can write a string that would be taken for a number. */
const MARK = `${randomUUID()}:`;

/** Throws `protocol_violation`. The depth must have been limited before (`JsonSplitter` does). */
export function parseJson(text: string): Json {
  if (!LONG_NUMBER.test(text)) return parse(text);
  const marked = markBigIntegers(text);
  return marked === text ? parse(text) : unmark(parse(marked));
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw protocolViolation('a text that is not JSON', { cause });
  }
}

/** Writes every integer that a double cannot hold as a marked string. */
function markBigIntegers(text: string): string {
  const pieces: string[] = [];
  let kept = 0;
  for (let index = 0; index < text.length; ) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) index = endOfString(text, index);
    else if (code !== MINUS && !isDigit(code)) index += 1;
    else {
      const end = endOfNumber(text, index);
      const source = text.slice(index, end);
      if (isBigInteger(source)) {
        pieces.push(text.slice(kept, index), `"${MARK}${source}"`);
        kept = end;
      }
      index = end;
    }
  }
  return pieces.length === 0 ? text : pieces.join('') + text.slice(kept);
}

function unmark(value: Json): Json {
  if (typeof value === 'string') return value.startsWith(MARK) ? BigInt(value.slice(MARK.length)) : value;
  if (typeof value !== 'object' || value === null) return value;
  // The tree is ours alone until it is returned.
  const tree = value as Record<string, Json>;
  for (const key of Object.keys(tree)) {
    const member = tree[key] ?? null;
    const exact = unmark(member);
    if (exact !== member) tree[key] = exact;
  }
  return tree as Json;
}

/** The grammar of JSON, so that what is no number stays as it is and `JSON.parse` refuses it. */
const isBigInteger = (source: string): boolean =>
  /^-?[1-9]\d{15,}$/.test(source) && !Number.isSafeInteger(Number(source));

function endOfString(text: string, open: number): number {
  for (let index = open + 1; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) return index + 1;
    if (code === BACKSLASH) index += 1;
  }
  return text.length;
}

function endOfNumber(text: string, start: number): number {
  let index = start + 1;
  while (index < text.length && isNumberPart(text.charCodeAt(index))) index += 1;
  return index;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;
/** Digits and what makes a real of them: . + - e E */
const isNumberPart = (code: number): boolean =>
  isDigit(code) || code === 0x2e || code === 0x2b || code === MINUS || code === 0x65 || code === 0x45;
