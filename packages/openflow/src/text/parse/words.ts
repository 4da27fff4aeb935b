/**
 * Splitting: a text is a list of keys with values, apart by commas or blanks, in any of the forms `key`, `key=value`,
 * `key:value`, `key(value)` and `key(value)->target`. Commas and blanks inside parentheses belong to the value.
 */
import { parseError, type Word } from './parse-error.ts';

export interface Pair {
  readonly key: Word;
  /** Empty when there is none. */
  readonly value: Word;
  /** What stands between key and value. */
  readonly form: '' | '=' | ':' | '(';
  /** What follows `->` behind the parenthesis. */
  readonly target?: Word;
  /** All of it. */
  readonly whole: Word;
}

/** Parentheses inside parentheses. */
export const NESTING_MAX = 32;

export const wordOf = (text: string, at = 0): Word => ({ text, at });

/** A part of a word, trimmed, at its own place. */
export function part({ text, at }: Word, from: number, to = text.length): Word {
  const piece = text.slice(from, to);
  const lead = piece.length - piece.trimStart().length;
  return { text: piece.trim(), at: at + from + lead };
}

const isGap = (char: string | undefined): boolean => char !== undefined && /[,\s]/.test(char);

/** Keys and values in order. Throws ParseError for a parenthesis that is not closed. */
export function pairsOf(word: Word): readonly Pair[] {
  const pairs: Pair[] = [];
  const { text } = word;
  for (let at = 0; at < text.length; ) {
    if (isGap(text[at])) {
      at += 1;
      continue;
    }
    const { pair, end } = pairAt(word, at);
    pairs.push(pair);
    at = end;
  }
  return pairs;
}

function pairAt(word: Word, start: number): { pair: Pair; end: number } {
  const { text } = word;
  const length = text.slice(start).search(/[:=(,\s]/);
  const keyEnd = length < 0 ? text.length : start + length;
  const key = part(word, start, keyEnd);
  const sign = text[keyEnd];
  if (sign === '=' || sign === ':') {
    const end = valueEnd(word, keyEnd + 1);
    return {
      pair: { key, value: part(word, keyEnd + 1, end), form: sign, whole: part(word, start, end) },
      end,
    };
  }
  if (sign === '(') {
    const close = closing(word, keyEnd);
    const value = part(word, keyEnd + 1, close);
    const isArrow = text.startsWith('->', close + 1);
    const end = isArrow ? valueEnd(word, close + 3) : close + 1;
    const whole = part(word, start, end);
    const pair: Pair = { key, value, form: '(', whole };
    return { pair: isArrow ? { ...pair, target: part(word, close + 3, end) } : pair, end };
  }
  return { pair: { key, value: part(word, keyEnd, keyEnd), form: '', whole: key }, end: keyEnd };
}

/** Where a value ends: at a comma or blank outside of parentheses. */
function valueEnd(word: Word, from: number): number {
  let at = from;
  while (at < word.text.length && !isGap(word.text[at])) {
    at = word.text[at] === '(' ? closing(word, at) + 1 : at + 1;
  }
  return at;
}

/** The place of the parenthesis that closes the one at `open`. */
function closing(word: Word, open: number): number {
  let depth = 0;
  for (let at = open; at < word.text.length; at++) {
    if (word.text[at] === '(') depth += 1;
    if (depth > NESTING_MAX)
      throw parseError(part(word, at), `more than ${NESTING_MAX} parentheses inside each other`);
    if (word.text[at] === ')') depth -= 1;
    if (depth === 0) return at;
  }
  throw parseError(part(word, open), 'the parenthesis is not closed');
}

/** Pieces between commas outside of parentheses; empty ones too. None for an empty word. */
export function commaList(word: Word): readonly Word[] {
  if (word.text === '') return [];
  const pieces: Word[] = [];
  let start = 0;
  for (let at = 0; at <= word.text.length; at++) {
    const char = word.text[at];
    if (char === '(') at = closing(word, at);
    else if (char === ',' || char === undefined) {
      pieces.push(part(word, start, at));
      start = at + 1;
    }
  }
  return pieces;
}
