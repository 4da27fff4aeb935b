/** Connection tracking and address translation. ovs-actions(7), `ct`. */
import type { NatRange } from '../../runtime/custom/nat-range.ts';
import type { ActionOf, AnyAction } from './types.ts';
import { subfieldText } from './value.ts';

const COMMIT = 1;
const FORCE = 2;
const NO_TABLE = 0xff;
const ALGORITHMS: ReadonlyMap<number, string> = new Map([
  [21, 'ftp'],
  [69, 'tftp'],
]);

export function ctText(action: ActionOf<'nx_ct'>, nested: (actions: readonly AnyAction[]) => string): string {
  const { flags, zone, tableId, alg } = action;
  const actions: readonly AnyAction[] = action.actions;
  const [first] = actions;
  const isNat = first?.type === 'nx_nat';
  const executed = isNat ? actions.slice(1) : actions;
  const parts = [
    ...((flags & COMMIT) === 0 ? [] : ['commit']),
    ...((flags & FORCE) === 0 ? [] : ['force']),
    ...(tableId === NO_TABLE ? [] : [`table=${tableId}`]),
    ...zoneText(zone),
    ...(isNat ? [nested(actions.slice(0, 1))] : []),
    ...(executed.length === 0 ? [] : [`exec(${nested(executed)})`]),
    ...(alg === 0 ? [] : [`alg=${ALGORITHMS.get(alg) ?? alg}`]),
  ];
  return `ct(${parts.join(',')})`;
}

function zoneText(zone: ActionOf<'nx_ct'>['zone']): readonly string[] {
  if (typeof zone !== 'number')
    return [`zone=${subfieldText(zone.field, zone.range.offset, zone.range.bits)}`];
  return zone === 0 ? [] : [`zone=${zone}`];
}

const SRC = 1;
const DST = 2;
const OPTIONS: readonly (readonly [bit: number, name: string])[] = [
  [4, 'persistent'],
  [8, 'hash'],
  [16, 'random'],
];

export function natText({ flags, range }: ActionOf<'nx_nat'>): string {
  const from = rangeText(range);
  const side = (flags & SRC) !== 0 ? 'src' : (flags & DST) !== 0 ? 'dst' : '';
  const parts = [
    ...(side === '' ? [] : [from === '' ? side : `${side}=${from}`]),
    ...OPTIONS.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name),
  ];
  return parts.length === 0 ? 'nat' : `nat(${parts.join(',')})`;
}

function rangeText({ ipv4Min, ipv4Max, ipv6Min, ipv6Max, protoMin, protoMax }: NatRange): string {
  const hasPorts = protoMin !== undefined;
  const bracketed = (address: string | undefined): string | undefined =>
    address !== undefined && hasPorts ? `[${address}]` : address;
  const [min, max] = ipv4Min === undefined ? [bracketed(ipv6Min), bracketed(ipv6Max)] : [ipv4Min, ipv4Max];
  if (min === undefined) return '';
  const addresses = max === undefined || max === min ? min : `${min}-${max}`;
  if (!hasPorts) return addresses;
  return protoMax === undefined || protoMax === protoMin
    ? `${addresses}:${protoMin}`
    : `${addresses}:${protoMin}-${protoMax}`;
}
