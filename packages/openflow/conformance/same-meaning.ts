/**
 * Compares what os-ken reads in a message with what this library reads, field by field. os-ken says
 * `{"OFPFlowMod": {"idle_timeout": 5, "match": {"OFPMatch": {"oxm_fields": [...]}}}}`, the library
 * `{ type: 'flow_mod', idleTimeout: 5, match: {...} }`: names agree once the case does.
 */
import { isIPv6 } from 'node:net';

export interface Comparison {
  /** Values that both have. */
  compared: number;
  readonly differences: string[];
}

/** Lengths and type numbers of os-ken's structures are no fields of the library's. */
const NO_FIELDS: ReadonlySet<string> = new Set([
  'type',
  'len',
  'length',
  'experimenter',
  'subtype',
  'exp_type',
  'vendor',
]);

/** os-ken's name of a field that it does not know, and of Nicira's twin of a field of the specification. */
const OSKEN_UNKNOWN_FIELD = 'field_';
const OSKEN_NXM_NAME = /^([a-z]\w*)_nxm$/;

export function compareMeaning(theirs: unknown, ours: unknown): Comparison {
  const comparison: Comparison = { compared: 0, differences: [] };
  compare(theirs, ours, '', comparison);
  return comparison;
}

function compare(theirs: unknown, ours: unknown, path: string, result: Comparison): void {
  const inner = unwrapped(theirs);
  if (Array.isArray(inner)) compareLists(inner, ours, path, result);
  else if (isObject(inner)) compareObjects(inner, ours, path, result);
  else compareValues(inner, ours, path, result);
}

function compareValues(inner: unknown, ours: unknown, path: string, result: Comparison): void {
  if (inner === null || ours === undefined || isObject(ours) || ours instanceof Uint8Array) return;
  const said = String(inner);
  if (said.startsWith(OSKEN_UNKNOWN_FIELD)) return;
  result.compared += 1;
  if (!isSame(said, String(ours)))
    result.differences.push(`${path}: os-ken ${String(inner)}, here ${String(ours)}`);
}

/** One value may be written in two ways: a datapath id as a number, the end of an IPv6 address as IPv4. */
function isSame(theirs: string, ours: string): boolean {
  if (theirs.replace(OSKEN_NXM_NAME, 'nxm_$1') === ours) return true;
  if (/^[0-9a-f]{16}$/.test(ours) && /^\d+$/.test(theirs)) return BigInt(theirs) === BigInt(`0x${ours}`);
  return isIPv6(theirs) && isIPv6(ours) && canonicalIpv6(theirs) === canonicalIpv6(ours);
}

const canonicalIpv6 = (text: string): string => new URL(`http://[${text}]/`).hostname;

function compareLists(theirs: readonly unknown[], ours: unknown, path: string, result: Comparison): void {
  // os-ken leaves out hello elements that it does not know.
  if (!Array.isArray(ours) || path === '.elements') return;
  if (theirs.length !== ours.length) {
    result.differences.push(`${path}: os-ken has ${theirs.length}, here are ${ours.length}`);
    return;
  }
  for (const [index, one] of theirs.entries()) compare(one, ours[index], `${path}[${index}]`, result);
}

function compareObjects(theirs: Fields, ours: unknown, path: string, result: Comparison): void {
  if (!isObject(ours)) return;
  if (Array.isArray(theirs.oxm_fields)) {
    compareMatches(theirs.oxm_fields, ours, path, result);
    return;
  }
  for (const [key, value] of Object.entries(theirs)) {
    if (NO_FIELDS.has(key)) continue;
    if (key === 'body') compare(value, bodyOf(value, ours), path, result);
    else compare(value, ours[camelCase(key)], `${path}.${key}`, result);
  }
}

/** `[{"OXMTlv": {"field": "in_port", "value": 1, "mask": null}}]` against `{ in_port: 1 }`. */
function compareMatches(theirs: readonly unknown[], ours: Fields, path: string, result: Comparison): void {
  for (const one of theirs) {
    const tlv = unwrapped(one);
    if (!isObject(tlv) || typeof tlv.field !== 'string') continue;
    const mine = ours[tlv.field];
    const [value, mask] = isObject(mine) && 'mask' in mine ? [mine.value, mine.mask] : [mine, null];
    compare(tlv.value, value, `${path}.${tlv.field}`, result);
    if (mine !== undefined && tlv.mask !== null)
      compare(tlv.mask, mask ?? 'no mask', `${path}.${tlv.field} mask`, result);
  }
}

/** A multipart's body is a list of this library under the name of what it lists, or fields beside the others. */
function bodyOf(theirs: unknown, ours: Fields): unknown {
  return Array.isArray(theirs) ? Object.values(ours).find((value) => Array.isArray(value)) : ours;
}

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  );
}

/** `{"OFPPort": {...}}` is what stands in it. */
function unwrapped(value: unknown): unknown {
  if (!isObject(value)) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  return entries.length === 1 && only !== undefined && /^[A-Z]/.test(only[0]) ? only[1] : value;
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
