/** encap and decap of headers. ovs-actions(7). */
import type { EdProperty } from '../../runtime/custom/ed-properties.ts';
import { type Act, type ActionContext, same } from './act.ts';
import { OF13_UP } from './formats.ts';
import { number } from './numbers.ts';
import { parseError, type Word } from './parse-error.ts';
import { commaList, type Pair, pairsOf } from './words.ts';

/** Namespace in the upper 16 bits, type below. */
const PACKET_TYPES: Readonly<Record<string, number>> = {
  ethernet: 0,
  nsh: 0x1894f,
  mpls: 0x18847,
  mpls_mc: 0x18848,
};
/** Whatever the header says. */
const NEXT_PROTO = 0xfffe;
const OPTION_BYTES_MAX = 244;

function encap({ value, whole }: Pair, { usable }: ActionContext): Act {
  usable.formats &= OF13_UP;
  const [header] = pairsOf(value);
  const packetType = header === undefined ? undefined : PACKET_TYPES[header.key.text];
  if (header === undefined || packetType === undefined)
    throw parseError(header?.key ?? whole, `one of ${Object.keys(PACKET_TYPES).join(', ')} was expected`);
  const properties = pairsOf(header.value).map((one) => property(one, header.key.text));
  return same(whole, { type: 'nx_encap', hdrSize: 0, packetType, properties }, (packet) => {
    packet.ethType = packetType === 0 ? packet.ethType : packetType & 0xffff;
  });
}

function property({ key, value }: Pair, header: string): EdProperty {
  if (header === 'nsh' && key.text === 'md_type') return { type: 'nsh_md_type', mdType: number(value, 8) };
  if (header === 'nsh' && key.text === 'tlv') return option(value);
  throw parseError(key, header === 'nsh' ? 'nsh takes md_type and tlv' : `${header} takes no properties`);
}

/** tlv(CLASS,TYPE,0xDATA). */
function option(word: Word): EdProperty {
  const [classWord, typeWord, dataWord] = commaList(word);
  if (classWord === undefined || typeWord === undefined || dataWord === undefined)
    throw parseError(word, 'a class, a type and data were expected: tlv(0x1000,10,0x12345678)');
  const digits = /^0x((?:[0-9a-fA-F]{2})+)$/.exec(dataWord.text)?.[1];
  if (digits === undefined || digits.length > OPTION_BYTES_MAX * 2)
    throw parseError(dataWord, 'whole bytes in hexadecimal were expected');
  const data = Uint8Array.from(Buffer.from(digits, 'hex'));
  return { type: 'nsh_tlv', tlvClass: number(classWord, 16), tlvType: number(typeWord, 8), data };
}

function decap({ value, whole }: Pair): Act {
  let packetType = NEXT_PROTO;
  for (const { key, value: given } of pairsOf(value)) {
    if (key.text !== 'packet_type') throw parseError(key, 'decap takes packet_type(ns=...,type=...)');
    const parts = pairsOf(given);
    const told = (name: string): number => {
      const found = parts.find((one) => one.key.text === name);
      if (found === undefined) throw parseError(given, `${name} is missing`);
      return number(found.value, 16);
    };
    packetType = told('ns') * 0x10000 + told('type');
  }
  return same(whole, { type: 'nx_decap', packetType }, (packet) => {
    packet.ethType = packetType > 0xffff ? packetType & 0xffff : undefined;
  });
}

export const ENCAP_ACTIONS: Readonly<Record<string, (pair: Pair, context: ActionContext) => Act>> = {
  encap,
  decap,
};
