/** OXM values as plain numbers, for comparisons bit by bit, and the text of addresses. */
import { OXM_FIELDS, type OxmName } from '../generated/match-types.ts';
import { writeIpv4, writeIpv6, writeMac } from '../runtime/addresses.ts';

const scratch = new DataView(new ArrayBuffer(16));

/** The value of a field as a number of `bits` bits: 10.0.0.1 becomes 0x0a000001n. */
export function valueBits(field: OxmName, value: number | bigint | string | Uint8Array): bigint {
  if (typeof value === 'bigint') return value;
  if (value instanceof Uint8Array) return value.reduce((bits, byte) => (bits << 8n) | BigInt(byte), 0n);
  if (typeof value === 'number') return BigInt(value);
  switch (OXM_FIELDS[field].kind) {
    case 'mac':
      writeMac(scratch, 0, value);
      return (BigInt(scratch.getUint16(0)) << 32n) | BigInt(scratch.getUint32(2));
    case 'ipv4':
      writeIpv4(scratch, 0, value);
      return BigInt(scratch.getUint32(0));
    case 'ipv6':
      writeIpv6(scratch, 0, value);
      return (scratch.getBigUint64(0) << 64n) | scratch.getBigUint64(8);
    default:
      return BigInt(value);
  }
}

/** All bits of a field. */
export const fullMask = (field: OxmName): bigint => (1n << BigInt(OXM_FIELDS[field].bits)) - 1n;

export const isOxmName = (name: string): name is OxmName => Object.hasOwn(OXM_FIELDS, name);
