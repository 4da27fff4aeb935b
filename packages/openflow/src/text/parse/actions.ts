/** Lists of actions and instructions: reading them, checking them against a match, and putting them into a version. */
import type { Version } from '../../versions.ts';
import { type Act, type ActionContext, encodeAll, type PacketState, STAGES, type WireAction } from './act.ts';
import { CONTROL_ACTIONS } from './actions-control.ts';
import { CT_ACTIONS } from './actions-ct.ts';
import { ENCAP_ACTIONS } from './actions-encap.ts';
import { load, move, pop, push, setField } from './actions-field.ts';
import { HASH_ACTIONS } from './actions-hash.ts';
import { HEADER_ACTIONS } from './actions-header.ts';
import { learn } from './actions-learn.ts';
import { OUTPUT_ACTIONS, outputTo } from './actions-output.ts';
import type { FlowMatch } from './flow-match.ts';
import type { Usable } from './formats.ts';
import { portOf } from './numbers.ts';
import { hint, type Problems, parseError, type Word } from './parse-error.ts';
import { type Pair, pairsOf } from './words.ts';

const PARSERS: Readonly<Record<string, (pair: Pair, context: ActionContext) => Act>> = {
  ...OUTPUT_ACTIONS,
  ...HEADER_ACTIONS,
  ...CONTROL_ACTIONS,
  ...CT_ACTIONS,
  ...HASH_ACTIONS,
  ...ENCAP_ACTIONS,
  set_field: setField,
  load,
  move,
  push,
  pop,
  learn,
};

/** Reads a list; problems are kept, and the actions that have none returned. */
export function parseActs(list: Word, usable: Usable, problems: Problems): readonly Act[] {
  const context = contextOf(usable, problems);
  return actsOf(problems.try(() => pairsOf(list)) ?? [], context);
}

export function contextOf(usable: Usable, problems: Problems): ActionContext {
  return { usable, problems, nested: (inner) => parseActs(inner, usable, problems) };
}

/** The same from words that are already apart. */
export function actsOf(pairs: readonly Pair[], context: ActionContext): readonly Act[] {
  const { problems } = context;
  const drop = pairs.find(({ key, form }) => key.text === 'drop' && form === '');
  if (drop !== undefined) {
    if (pairs.length > 1) problems.add(drop.key, 'drop stands alone: leave it out, or everything else');
    return [];
  }
  return pairs.flatMap((pair) => problems.try(() => [parseAct(pair, context)]) ?? []);
}

function parseAct(pair: Pair, context: ActionContext): Act {
  const { key, form, whole } = pair;
  const parser =
    PARSERS[key.text] ?? (/^controller$/i.test(key.text) ? OUTPUT_ACTIONS.controller : undefined);
  if (parser !== undefined && Object.hasOwn(PARSERS, key.text.toLowerCase())) return parser(pair, context);
  const port = form === '' ? portOf(key.text) : undefined;
  if (port !== undefined) return outputTo(whole, port);
  throw parseError(key, `there is no action of that name${hint(key.text, Object.keys(PARSERS))}`);
}

/** What instructions of 1.1 and later need: an order. Kept for 1.0 too, as Open vSwitch does. */
export function checkOrder(acts: readonly Act[], problems: Problems): void {
  let last = acts[0];
  for (const act of acts) {
    if (last !== undefined && STAGES.indexOf(act.stage) < STAGES.indexOf(last.stage)) {
      const reason = `it comes before ${last.word.text}: the order is meter, actions, clear_actions, write_actions, write_metadata, goto_table`;
      problems.add(act.word, reason);
      return;
    }
    const isTwice = act !== last && act.stage === last?.stage && act.stage !== 'apply';
    if (isTwice) problems.add(act.word, 'it may be told once');
    last = act;
  }
}

/** Actions against the packets that a match lets through. */
export function checkActs(
  acts: readonly Act[],
  flow: FlowMatch,
  tableId: number | undefined,
  problems: Problems,
): void {
  const vlan = flow.get('vlan_tci');
  const icmp6 = flow.ethType === 0x86dd && flow.protocol === 58 ? flow.get('tp_src') : undefined;
  const packet: PacketState = {
    ethType: flow.ethType,
    protocol: flow.protocol,
    icmp6Type: icmp6 === undefined ? undefined : Number(icmp6.value),
    hasVlan: vlan !== undefined && (vlan.value & 0x1000n) !== 0n,
    isTracked: ((flow.get('ct_state')?.value ?? 0n) & 0x20n) !== 0n,
    tableId,
  };
  for (const act of acts) problems.try(() => act.check?.(packet, flow.usable));
}

/** The list of actions that 1.0 has in place of instructions. */
export const actionsOf = (acts: readonly Act[], version: Version): readonly WireAction[] =>
  encodeAll(acts, version);

/** Instructions of 1.1 and later, in the order of the text. */
export function instructionsOf(acts: readonly Act[], version: Version): readonly WireAction[] {
  const instructions: WireAction[] = [];
  const isApplied = ({ stage }: Act): boolean =>
    stage === 'apply' || (stage === 'meter' && version === '1.5');
  const applied = acts.filter(isApplied);
  let isDone = applied.length === 0;
  for (const act of acts) {
    if (!isApplied(act)) instructions.push(...act.encode(version));
    else if (!isDone) {
      instructions.push({ type: 'apply_actions', actions: encodeAll(applied, version) });
      isDone = true;
    }
  }
  return instructions;
}

/** Where only actions may stand: buckets, packet-outs. */
export function refuseInstructions(acts: readonly Act[], problems: Problems): void {
  for (const { stage, word } of acts)
    if (stage !== 'apply') problems.add(word, 'it is an instruction of a flow, not an action');
}
