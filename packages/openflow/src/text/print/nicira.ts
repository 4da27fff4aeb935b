/** Nicira's messages that belong to no other family: options of tunnels, exports of flows, forgetting connections. */
import { hex, hexOrZero, nameOf } from '../words/numbers.ts';
import type { Of } from './types.ts';

const TLV_COMMANDS: readonly string[] = ['ADD', 'DEL', 'CLEAR'];

export function tlvTableModText({ command, maps }: Of<'nx_tlv_table_mod'>): string {
  const name = nameOf(TLV_COMMANDS, command);
  return name === 'CLEAR' ? `\n ${name}` : `\n ${name} mapping table:${mapsText(maps)}`;
}

export function tlvTableReplyText({ maxOptionSpace, maxFields, maps }: Of<'nx_tlv_table_reply'>): string {
  const allocated = maps.reduce((sum, { optionLen }) => sum + optionLen, 0);
  return `\n max option space=${maxOptionSpace} max fields=${maxFields}\n allocated option space=${allocated}\n\n mapping table:${mapsText(maps)}`;
}

type Maps = Of<'nx_tlv_table_mod'>['maps'];

const mapsText = (maps: Maps): string =>
  [
    '',
    '  class  type  length  match field',
    ' ------  ----  ------  --------------',
    ...maps.map(
      ({ optionClass, optionType, optionLen, index }) =>
        ` ${hexOrZero(optionClass).padStart(6)}  ${hexOrZero(optionType).padStart(4)}  ${String(optionLen).padStart(6)}  tun_metadata${index}`,
    ),
  ].join('\n');

type Ipfix = Of<'nx_ipfix_flow_stats_reply'>['stats'][number];

export const ipfixBridgeText = ({ stats }: Of<'nx_ipfix_bridge_stats_reply'>): string =>
  stats.map((one) => `\n  bridge ipfix: ${ipfixText(one, 16)}`).join('');

export const ipfixFlowText = ({ stats }: Of<'nx_ipfix_flow_stats_reply'>): string =>
  `${stats.length} ids${stats.map((one) => `\n  id ${String(one.collectorSetId).padStart(3)}: ${ipfixText(one, 10)}`).join('')}`;

const ipfixText = (stats: Ipfix, indent: number): string =>
  `flows=${stats.totalFlows}, current flows=${stats.currentFlows}, sampled pkts=${stats.packets}, ipv4 ok=${stats.ipv4Packets}, ipv6 ok=${stats.ipv6Packets}, tx pkts=${stats.txPackets}\n${' '.repeat(indent)}pkts errs=${stats.errorPackets}, ipv4 errs=${stats.ipv4ErrorPackets}, ipv6 errs=${stats.ipv6ErrorPackets}, tx errs=${stats.txErrors}`;

type FlushProperty = Of<'nx_ct_flush'>['properties'][number];
type Tuple = Extract<FlushProperty, { readonly type: 'orig_tuple' }>['tuple'];

const ICMP: ReadonlySet<number> = new Set([1, 58]);

export function ctFlushText({ ipProto, properties }: Of<'nx_ct_flush'>): string {
  let zone = 0;
  let original: Tuple = [];
  let reply: Tuple = [];
  for (const property of properties) {
    if (property.type === 'zone_id') zone = property.zoneId;
    else if (property.type === 'orig_tuple') original = property.tuple;
    else if (property.type === 'reply_tuple') reply = property.tuple;
  }
  const isIpv4 = [...original, ...reply].some((part) => 'address' in part && isMapped(part.address));
  const text = (tuple: Tuple): string => tupleText(tuple, isIpv4, ICMP.has(ipProto));
  return `zone=${zone} '${text(original)},ct_nw_proto=${ipProto}' '${text(reply)}'`;
}

const MAPPED = '::ffff:';
const isMapped = (address: string): boolean => address.startsWith(MAPPED) && address.length > MAPPED.length;

function tupleText(tuple: Tuple, isIpv4: boolean, isIcmp: boolean): string {
  const values = new Map<string, string | number>();
  for (const part of tuple) {
    if ('address' in part) values.set(part.type, plainAddress(part.address));
    else if ('port' in part) values.set(part.type, part.port);
    else if (part.type === 'icmp_id') values.set(part.type, part.icmpId);
    else if (part.type === 'icmp_type') values.set(part.type, part.icmpType);
    else if (part.type === 'icmp_code') values.set(part.type, part.icmpCode);
  }
  const family = isIpv4 ? 'ct_nw' : 'ct_ipv6';
  const given = (name: string): string | number => values.get(name) ?? 0;
  return [
    `${family}_src=${values.get('src') ?? '::'}`,
    `${family}_dst=${values.get('dst') ?? '::'}`,
    ...(isIcmp
      ? [`icmp_id=${given('icmp_id')}`, `icmp_type=${given('icmp_type')}`, `icmp_code=${given('icmp_code')}`]
      : [`ct_tp_src=${given('src_port')}`, `ct_tp_dst=${given('dst_port')}`]),
  ].join(',');
}

/** IPv4 stands in an IPv6 address, which may show it in hexadecimal. */
function plainAddress(address: string): string {
  if (!isMapped(address)) return address;
  const words = address.slice(MAPPED.length);
  if (words.includes('.')) return words;
  const [high = 0, low = 0] = words.split(':').map((word) => Number.parseInt(word, 16));
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

const PACKET_IN_FORMATS: readonly string[] = ['standard', 'nxt_packet_in', 'nxt_packet_in2'];

export const packetInFormatText = ({ format }: Of<'nx_set_packet_in_format'>): string =>
  `format=${nameOf(PACKET_IN_FORMATS, format)}`;

const FLOW_FORMATS: ReadonlyMap<number, string> = new Map([
  [0, 'openflow10'],
  [2, 'nxm'],
]);

export const flowFormatText = ({ format }: Of<'nx_set_flow_format'>): string =>
  `format=${FLOW_FORMATS.get(format) ?? hex(format)}`;
