/** Entries that add entries. ovs-actions(7), `learn`. */
import { OXM_FIELDS } from '../../generated/match-types.ts';
import type { LearnField, LearnSpec } from '../../runtime/custom/learn-specs.ts';
import { isOxmName } from '../values.ts';
import { fieldOfKey } from '../words/fields.ts';
import { hex, hexOrZero } from '../words/numbers.ts';
import type { ActionOf } from './types.ts';
import { subfieldText, valueText } from './value.ts';

const DEFAULT_PRIORITY = 32768;
const SEND_FLOW_REM = 1;
const DELETE_LEARNED = 2;

export function learnText(action: ActionOf<'nx_learn' | 'nx_learn2'>): string {
  const limit = 'limit' in action ? action.limit : 0;
  const result = 'result' in action ? action.result : undefined;
  const timeout = (name: string, value: number): readonly string[] =>
    value === 0 ? [] : [`${name}=${value}`];
  const parts = [
    `table=${action.tableId}`,
    ...timeout('idle_timeout', action.idleTimeout),
    ...timeout('hard_timeout', action.hardTimeout),
    ...timeout('fin_idle_timeout', action.finIdleTimeout),
    ...timeout('fin_hard_timeout', action.finHardTimeout),
    ...(action.priority === DEFAULT_PRIORITY ? [] : [`priority=${action.priority}`]),
    ...((action.flags & SEND_FLOW_REM) === 0 ? [] : ['send_flow_rem']),
    ...((action.flags & DELETE_LEARNED) === 0 ? [] : ['delete_learned']),
    ...(action.cookie === 0n ? [] : [`cookie=${hex(action.cookie)}`]),
    ...timeout('limit', limit),
    ...(result === undefined ? [] : [`result_dst=${subfieldText(result.field, result.offset, 1)}`]),
    ...action.specs.map(specText),
  ];
  return `learn(${parts.join(',')})`;
}

function specText(spec: LearnSpec): string {
  const part = ({ field, offset }: LearnField): string => subfieldText(field, offset, spec.bits);
  if (spec.type === 'output') return `output:${part(spec.src)}`;
  const { src, dst } = spec;
  if (spec.type === 'load') {
    return `load:${'value' in src ? hexOrZero(src.value) : part(src)}->${part(dst)}`;
  }
  if ('value' in src) return wholeField(dst, spec.bits, src.value) ?? `${part(dst)}=${hexOrZero(src.value)}`;
  return src.field === dst.field && src.offset === dst.offset ? part(dst) : `${part(dst)}=${part(src)}`;
}

/** `eth_type=0x800`: a constant for all bits of a field. */
function wholeField({ field, offset }: LearnField, bits: number, value: bigint): string | undefined {
  const words = fieldOfKey(field);
  if (words === undefined || !isOxmName(field) || offset !== 0 || bits !== OXM_FIELDS[field].bits)
    return undefined;
  const full = (1n << BigInt(bits)) - 1n;
  return `${words.name}=${valueText(words.form, value, full, full)}`;
}
