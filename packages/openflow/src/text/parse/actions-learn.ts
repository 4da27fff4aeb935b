/** learn(...): the flow that a packet adds. ovs-actions(7), learn. */
import type { LearnField, LearnSpec } from '../../runtime/custom/learn-specs.ts';
import { type Act, same, type WireAction } from './act.ts';
import { writable } from './actions-field.ts';
import { fieldNamed } from './fields.ts';
import { keyOf } from './keys.ts';
import { bigNumber, integerOf, number } from './numbers.ts';
import { parseError, type Word } from './parse-error.ts';
import { arrow, type Subfield, subfield } from './subfield.ts';
import { parseBits, wholeMask } from './values.ts';
import { type Pair, pairsOf } from './words.ts';

const SEND_FLOW_REM = 1;
const DELETE_LEARNED = 2;
const WRITE_RESULT = 4;
const PRIORITY = 0x8000;

/** Numbers of the action itself: field of the message and bits. */
const NUMBERS: Readonly<Record<string, readonly [string, number]>> = {
  table: ['tableId', 8],
  priority: ['priority', 16],
  idle_timeout: ['idleTimeout', 16],
  hard_timeout: ['hardTimeout', 16],
  fin_idle_timeout: ['finIdleTimeout', 16],
  fin_hard_timeout: ['finHardTimeout', 16],
};

export function learn({ value, whole }: Pair): Act {
  const told: Record<string, unknown> = {
    idleTimeout: 0,
    hardTimeout: 0,
    priority: PRIORITY,
    tableId: 1,
    finIdleTimeout: 0,
    finHardTimeout: 0,
  };
  let [cookie, flags] = [0n, 0];
  let limit: number | undefined;
  let result: LearnField | undefined;
  const specs: LearnSpec[] = [];
  for (const pair of pairsOf(value)) {
    const { key, value: given } = pair;
    const known = NUMBERS[key.text];
    if (known !== undefined) told[known[0]] = number(given, known[1]);
    else if (key.text === 'cookie') cookie = bigNumber(given, 64, 'a cookie');
    else if (key.text === 'limit') limit = number(given, 32, 'a number of flows');
    else if (key.text === 'send_flow_rem') flags |= SEND_FLOW_REM;
    else if (key.text === 'delete_learned') flags |= DELETE_LEARNED;
    else if (key.text === 'result_dst') result = resultOf(given);
    else specs.push(specOf(pair));
  }
  if (result !== undefined) flags |= WRITE_RESULT;
  const common: WireAction = { type: 'nx_learn', ...told, cookie, flags, specs };
  const isSecond = limit !== undefined || result !== undefined;
  return same(whole, isSecond ? { ...common, type: 'nx_learn2', limit: limit ?? 0, result } : common);
}

function resultOf(word: Word): LearnField {
  const bit = writable(word);
  if (bit.bits !== 1) throw parseError(word, 'the result is one bit');
  return place(bit);
}

const place = ({ field, offset }: Subfield): LearnField => ({ field: keyOf(field, 'nxm'), offset });

function specOf({ key, value, form, whole }: Pair): LearnSpec {
  if (key.text === 'load') return loadOf(value);
  if (key.text === 'output') {
    const src = subfield(value);
    return { type: 'output', bits: src.bits, src: place(src) };
  }
  const dst = subfield(key);
  if (form === '') return { type: 'match', bits: dst.bits, src: place(dst), dst: place(dst) };
  const isField = integerOf(value.text) === undefined && fieldNamed(nameOf(value)) !== undefined;
  if (isField) {
    const src = subfield(value);
    if (src.bits !== dst.bits) throw parseError(whole, `${src.bits} bits are not ${dst.bits}`);
    return { type: 'match', bits: dst.bits, src: place(src), dst: place(dst) };
  }
  const { value: plain, mask } = parseBits(dst.field, value);
  if (mask !== wholeMask(dst.field)) throw parseError(value, 'a value without a mask was expected');
  return { type: 'match', bits: dst.bits, src: { value: plain }, dst: place(dst) };
}

const nameOf = ({ text }: Word): string => text.replace(/\[.*$/, '');

function loadOf(word: Word): LearnSpec {
  const [srcWord, dstWord] = arrow(word);
  const dst = writable(dstWord);
  if (fieldNamed(nameOf(srcWord)) === undefined) {
    const value = bigNumber(srcWord, dst.bits, `a number of ${dst.bits} bits`);
    return { type: 'load', bits: dst.bits, src: { value }, dst: place(dst) };
  }
  const src = subfield(srcWord);
  if (src.bits !== dst.bits) throw parseError(word, `${src.bits} bits are not ${dst.bits}`);
  return { type: 'load', bits: dst.bits, src: place(src), dst: place(dst) };
}
