/**
 * Text of MAC and IPv4 addresses, remembered. A network says the same addresses over and over: a remembered text
 * costs a tenth of a new one, and as a key of a map its hash is known already. Two addresses that fall on the same
 * place take it from each other, so the memory is bounded and nobody can fill it.
 */
import { readIpv4, readMac } from '../runtime/addresses.ts';

/** Places for each kind of address; 64 KiB of numbers and the texts. A power of 2. */
export const ADDRESSES_REMEMBERED = 4096;
const LAST = ADDRESSES_REMEMBERED - 1;

interface Memory {
  readonly high: Uint16Array;
  readonly low: Uint32Array;
  readonly text: (string | undefined)[];
}

const memory = (): Memory => ({
  high: new Uint16Array(ADDRESSES_REMEMBERED),
  low: new Uint32Array(ADDRESSES_REMEMBERED),
  text: new Array<string | undefined>(ADDRESSES_REMEMBERED).fill(undefined),
});
const [macs, ipv4s] = [memory(), memory()];

/** Spreads addresses that differ in their last bits as well as those that differ in their first. */
const placeOf = (high: number, low: number): number => {
  const mixed = Math.imul(low ^ (high << 7), 0x9e3779b1);
  return (mixed >>> 20) & LAST;
};

export function macText(view: DataView, at: number): string {
  const [high, low] = [view.getUint16(at), view.getUint32(at + 2)];
  const place = placeOf(high, low);
  const known = macs.text[place];
  if (known !== undefined && macs.low[place] === low && macs.high[place] === high) return known;
  const text = readMac(view, at);
  macs.text[place] = text;
  macs.high[place] = high;
  macs.low[place] = low;
  return text;
}

export function ipv4Text(view: DataView, at: number): string {
  const low = view.getUint32(at);
  const place = placeOf(0, low);
  const known = ipv4s.text[place];
  if (known !== undefined && ipv4s.low[place] === low) return known;
  const text = readIpv4(view, at);
  ipv4s.text[place] = text;
  ipv4s.low[place] = low;
  return text;
}
