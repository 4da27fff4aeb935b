/** Parts of fields: `NAME[first..last]`, `NAME[bit]`, `NAME[]` or `NAME`. */
import { type Field, requireField } from './fields.ts';
import { number } from './numbers.ts';
import { parseError, type Word } from './parse-error.ts';
import { part } from './words.ts';

export interface Subfield {
  readonly field: Field;
  readonly offset: number;
  readonly bits: number;
}

/** Throws ParseError. */
export function subfield(word: Word): Subfield {
  const open = word.text.indexOf('[');
  const field = requireField(open < 0 ? word : part(word, 0, open));
  if (open < 0) return { field, offset: 0, bits: field.bits };
  if (!word.text.endsWith(']')) throw parseError(word, 'the bits end with "]", such as [0..15]');
  const inside = part(word, open + 1, word.text.length - 1);
  if (inside.text === '') return { field, offset: 0, bits: field.bits };
  const dots = inside.text.indexOf('..');
  const first = number(dots < 0 ? inside : part(inside, 0, dots), 16, 'a bit');
  const last = dots < 0 ? first : number(part(inside, dots + 2), 16, 'a bit');
  if (first > last) throw parseError(word, 'the first bit is higher than the last');
  if (last >= field.bits) throw parseError(word, `${field.name} has ${field.bits} bits`);
  return { field, offset: first, bits: last - first + 1 };
}

/** What stands before and after `->`. */
export function arrow(word: Word): readonly [Word, Word] {
  const at = word.text.indexOf('->');
  if (at < 0) throw parseError(word, '"->" and a field were expected');
  return [part(word, 0, at), part(word, at + 2)];
}

/** Whether text is a field rather than a port. */
export const looksLikeField = (text: string): boolean => /[[_]/.test(text) || /^x{0,2}reg\d/.test(text);
