/** Matches as sets of packets: which packets are in one, and how two of them lie to each other. */
import type { Match, OxmName, OxmValues } from '../generated/match-types.ts';
import { OXM_FIELDS } from '../generated/match-types.ts';
import { fullMask, isOxmName, valueBits } from '../text/values.ts';

interface Bits {
  readonly value: bigint;
  readonly mask: bigint;
}

/** The conditions of a match, field by field, as bits. Unknown fields compare as exact bytes. */
export type Conditions = ReadonlyMap<string, Bits>;

/** What a packet looks like to a flow table. Fields that it does not have are left out. */
export type PacketFields = Partial<OxmValues> & { readonly in_port: number };

export function conditionsOf(match: Match): Conditions {
  const conditions = new Map<string, Bits>();
  for (const [name, given] of Object.entries(match)) {
    if (given === undefined) continue;
    if (given instanceof Uint8Array) conditions.set(name, rawBits(given));
    else if (isOxmName(name)) {
      const bits = bitsOf(name, given);
      // A mask of zero is no condition.
      if (bits.mask !== 0n) conditions.set(name, bits);
    }
  }
  return conditions;
}

function rawBits(bytes: Uint8Array): Bits {
  const value = bytes.reduce((bits, byte) => (bits << 8n) | BigInt(byte), 0n);
  return { value, mask: (1n << BigInt(bytes.length * 8)) - 1n };
}

function bitsOf(
  name: OxmName,
  given: number | bigint | string | { value: number | bigint | string; mask: number | bigint | string },
): Bits {
  if (typeof given !== 'object') return { value: valueBits(name, given), mask: fullMask(name) };
  return { value: valueBits(name, given.value), mask: valueBits(name, given.mask) };
}

/** A packet without a VLAN tag has vlan_vid 0 (OFPVID_NONE). */
export function holds(conditions: Conditions, packet: PacketFields): boolean {
  for (const [name, { value, mask }] of conditions) {
    const actual = packet[name as OxmName] ?? (name === 'vlan_vid' ? 0 : undefined);
    if (actual === undefined || !isOxmName(name)) return false;
    if (((valueBits(name, actual) ^ value) & mask) !== 0n) return false;
  }
  return true;
}

export function same(a: Conditions, b: Conditions): boolean {
  if (a.size !== b.size) return false;
  return [...a].every(([name, { value, mask }]) => {
    const other = b.get(name);
    return other !== undefined && other.mask === mask && (other.value & mask) === (value & mask);
  });
}

/** Every packet of `inner` is in `outer`: how non-strict commands choose entries. */
export function covers(outer: Conditions, inner: Conditions): boolean {
  return [...outer].every(([name, { value, mask }]) => {
    const other = inner.get(name);
    return other !== undefined && (other.mask & mask) === mask && ((other.value ^ value) & mask) === 0n;
  });
}

/** Some packet is in both. */
export function overlap(a: Conditions, b: Conditions): boolean {
  return [...a].every(([name, { value, mask }]) => {
    const other = b.get(name);
    return other === undefined || ((other.value ^ value) & mask & other.mask) === 0n;
  });
}

/** The first field whose prerequisite the match does not have. */
export function missingPrerequisite(match: Match): string | undefined {
  return Object.keys(match).find((name) => isOxmName(name) && !hasPrerequisite(name, match));
}

export function hasPrerequisite(name: OxmName, match: Match): boolean {
  const requires = OXM_FIELDS[name].requires;
  if (requires === undefined) return true;
  const given = match[requires.field];
  if (given === undefined) return false;
  return requires.values === undefined || requires.values.some((value) => value === given);
}

/** Bits of a value that its mask does not count must be zero. */
export const hasStrayBits = (conditions: Conditions): boolean =>
  [...conditions.values()].some(({ value, mask }) => (value & ~mask) !== 0n);
