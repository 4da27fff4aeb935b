/** What a switch is and how it is set. ovs-ofctl(8), `show`, `dump-desc`. */
import type { Version } from '../../versions.ts';
import { ACTION_NAMES } from '../words/action-names.ts';
import { type BitNames, bitsText, hex } from '../words/numbers.ts';
import { hexDump } from './dump.ts';
import { portsText } from './port.ts';
import type { Of } from './types.ts';

const CAPABILITIES: BitNames = [
  [1, 'FLOW_STATS'],
  [2, 'TABLE_STATS'],
  [4, 'PORT_STATS'],
  [8, 'GROUP_STATS'],
  [32, 'IP_REASM'],
  [64, 'QUEUE_STATS'],
  [128, 'ARP_MATCH_IP'],
  [256, 'PORT_BLOCKED'],
  [512, 'BUNDLES'],
  [1024, 'FLOW_MONITORING'],
];
/** 1.0 knows spanning trees where later versions know groups. */
const CAPABILITIES_10: BitNames = CAPABILITIES.map(([bit, name]) => [bit, bit === 8 ? 'STP' : name] as const);

export function featuresReplyText(message: Of<'features_reply'>, version: Version): string {
  const auxiliary =
    'auxiliaryId' in message && message.auxiliaryId !== 0 ? `, auxiliary_id:${message.auxiliaryId}` : '';
  const names = version === '1.0' ? CAPABILITIES_10 : CAPABILITIES;
  const lines = [
    `dpid:${message.datapathId.replace(/[^0-9a-f]/gi, '').padStart(16, '0')}`,
    `n_tables:${message.nTables}, n_buffers:${message.nBuffers}${auxiliary}`,
    `capabilities: ${bitsText(message.capabilities, names)}`,
    ...('actions' in message ? [`actions: ${ACTION_NAMES.of10(message.actions)}`] : []),
  ];
  return `${lines.join('\n')}${'ports' in message ? portsText(message.ports, version) : ''}`;
}

const FRAGMENTS: readonly string[] = ['normal', 'drop', 'reassemble', 'nx-match'];
const INVALID_TTL = 4;

export function configText({ flags, missSendLen }: Of<'set_config' | 'get_config_reply'>): string {
  const ttl = (flags & INVALID_TTL) === 0 ? '' : ' invalid_ttl_to_controller';
  return `frags=${FRAGMENTS[flags & 3]}${ttl} miss_send_len=${missSendLen}`;
}

export const descText = (reply: Of<'desc_reply'>): string =>
  [
    '',
    `Manufacturer: ${reply.manufacturer}`,
    `Hardware: ${reply.hardware}`,
    `Software: ${reply.software}`,
    `Serial Num: ${reply.serialNumber}`,
    `DP Description: ${reply.datapath}`,
  ].join('\n');

export function helloText({ elements }: Of<'hello'>, version: Version): string {
  const own = ['1.0', '1.1', '1.2', '1.3', '1.4', '1.5'].indexOf(version) + 1;
  const versions = new Set<number>();
  for (const element of elements)
    if (element.type === 'version_bitmap') for (const one of element.versions) versions.add(one);
  // Who says nothing speaks every version up to that of the header.
  if (versions.size === 0) for (let one = 1; one <= own; one++) versions.add(one);
  const texts = [...versions].sort((a, b) => a - b).map((one) => hex(one, 2));
  return `\n version bitmap: ${texts.join(', ')}`;
}

export const echoText = ({ data }: Of<'echo_request' | 'echo_reply'>): string =>
  `${data.length} bytes of payload${data.length === 0 ? '' : `\n${hexDump(data)}`}`;
