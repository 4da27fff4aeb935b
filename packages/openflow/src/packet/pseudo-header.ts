/** Checksums over a pseudo-header: IPv4 (RFC 9293 3.1) and IPv6 (RFC 8200 8.1). */
import { parseIpv4, writeIpv6 } from '../runtime/addresses.ts';
import { fits } from '../runtime/oxm-numbers.ts';
import { EncodeError } from '../runtime/protocol-error.ts';
import { type Around, deriveWhole } from './around.ts';
import { checksum, wordSum } from './checksum.ts';
import { finalDestination } from './ipv6-extensions.ts';
import { viewOf } from './packet-error.ts';
import type { PacketWriter } from './packet-writer.ts';

/**
 * The checksum of everything written so far, of which the checksum field is still zero, under the pseudo-header of
 * the nearest IP layer outside. Source routes in IPv4 options are not followed.
 */
export const checksumUnderIp = (
  out: PacketWriter,
  around: Around,
  protocol: number,
  stated: number | undefined,
  /** What is written for a sum of zero, where zero means that there is none. */
  whenZero = 0,
): number => {
  const compute = (): number =>
    checksum(wordSum(out.bytes, out.start, out.end, pseudoSum(around, protocol, out.length))) || whenZero;
  return fits(deriveWhole(around, stated, 'a checksum', compute), 0xffff, 'checksum');
};

const scratch = new Uint8Array(16);
const scratchView = viewOf(scratch);

function pseudoSum({ layers, index }: Around, protocol: number, length: number): number {
  let last: string | undefined;
  for (let i = index - 1; i >= 0; i--) {
    const layer = layers[i];
    if (layer?.type === 'ipv4') {
      return ipv4Sum(layer.src) + ipv4Sum(layer.dst) + protocol + length;
    }
    if (layer?.type === 'ipv6') {
      return ipv6Sum(layer.src) + ipv6Sum(last ?? layer.dst) + protocol + length;
    }
    if (layer?.type === 'routing') last = finalDestination(layer) ?? last;
  }
  throw new EncodeError(`${layers[index]?.type}: there is no IP layer outside to sum over`);
}

function ipv4Sum(text: string): number {
  const address = parseIpv4(text);
  return (address >>> 16) + (address & 0xffff);
}

function ipv6Sum(text: string): number {
  writeIpv6(scratchView, 0, text);
  return wordSum(scratch, 0, 16);
}
