/** The way back from bits to the value of an OXM field. */
import { OXM_FIELDS, type OxmName } from '../generated/match-types.ts';
import { readIpv4, readIpv6, readMac } from '../runtime/addresses.ts';

const scratch = new DataView(new ArrayBuffer(16));

/** 0x0a000001n of an IPv4 field becomes '10.0.0.1'. */
export function bitsValue(field: OxmName, bits: bigint): number | bigint | string {
  const { kind, bits: size } = OXM_FIELDS[field];
  scratch.setBigUint64(0, bits >> 64n);
  scratch.setBigUint64(8, BigInt.asUintN(64, bits));
  switch (kind) {
    case 'mac':
      return readMac(scratch, 10);
    case 'ipv4':
      return readIpv4(scratch, 12);
    case 'ipv6':
      return readIpv6(scratch, 0);
    default:
      return size > 32 ? bits : Number(bits);
  }
}
