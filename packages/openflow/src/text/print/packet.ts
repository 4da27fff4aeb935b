/** Packets that come and go. ovs-ofctl(8), `monitor` and `packet-out`. */
import type { Match } from '../../generated/match-types.ts';
import { formatPacket } from '../../packet/format-packet.ts';
import { PacketError } from '../../packet/packet-error.ts';
import type { Version } from '../../versions.ts';
import { bytesText, hex } from '../words/numbers.ts';
import { portText } from '../words/ports.ts';
import { packetInReason } from '../words/reasons.ts';
import { formatActions } from './actions.ts';
import { continuationLines } from './continuation.ts';
import { formatMatch } from './match.ts';
import type { Of } from './types.ts';

const NO_BUFFER = 0xffff_ffff;
const NO_COOKIE = 0xffff_ffff_ffff_ffffn;

/** What every form of packet-in says. */
interface Arrival {
  readonly tableId?: number | undefined;
  readonly cookie?: bigint | undefined;
  readonly totalLen: number;
  readonly match: Match;
  readonly reason: number;
  readonly bufferId: number;
  readonly data: Uint8Array;
  readonly userdata?: Uint8Array | undefined;
  readonly continuation?: Uint8Array | undefined;
}

export function packetInText(message: Of<'packet_in' | 'nx_packet_in'>, version: Version): string {
  return 'match' in message
    ? arrivalText(message, version)
    : arrivalText({ ...message, match: { in_port: message.inPort } }, version);
}

export function packetIn2Text({ properties }: Of<'nx_packet_in2' | 'nx_resume'>, version: Version): string {
  let arrival: Arrival = { totalLen: 0, match: {}, reason: 0, bufferId: NO_BUFFER, data: new Uint8Array() };
  let length: number | undefined;
  for (const property of properties) {
    if (property.type === 'full_len') length = property.fullLen;
    else if (property.type === 'metadata') arrival = { ...arrival, match: property.match };
    else if (property.type === 'packet') arrival = { ...arrival, data: property.data };
    else if (property.type === 'userdata') arrival = { ...arrival, userdata: property.data };
    else if (property.type === 'continuation') arrival = { ...arrival, continuation: property.data };
    else if (property.type !== 'unknown') arrival = { ...arrival, ...property };
  }
  return arrivalText({ ...arrival, totalLen: length ?? arrival.data.length }, version);
}

function arrivalText(arrival: Arrival, version: Version): string {
  const { tableId = 0, cookie = NO_COOKIE, totalLen, match, reason, bufferId, data } = arrival;
  const parts = [
    ...(tableId === 0 ? [] : [`table_id=${tableId}`]),
    ...(cookie === NO_COOKIE ? [] : [`cookie=${hex(cookie)}`]),
    `total_len=${totalLen}`,
    formatMatch(match, version),
    `(via ${packetInReason(reason)})`,
    `data_len=${data.length}`,
    ...bufferText(bufferId, totalLen, data.length),
  ];
  const { userdata, continuation } = arrival;
  return [
    parts.join(' '),
    ...(userdata === undefined || userdata.length === 0 ? [] : [` userdata=${bytesText(userdata, '.')}`]),
    ...(continuation === undefined ? [] : continuationLines(continuation, version)),
    frameText(data),
  ].join('\n');
}

function bufferText(bufferId: number, totalLen: number, dataLen: number): readonly string[] {
  if (bufferId === NO_BUFFER) {
    return ['(unbuffered)', ...(totalLen === dataLen ? [] : ['(***total_len != data_len***)'])];
  }
  return [`buffer=${hex(bufferId, 8)}`, ...(totalLen < dataLen ? ['(***total_len < data_len***)'] : [])];
}

/** Every frame has words; bytes that are none are shown as they are. */
function frameText(data: Uint8Array): string {
  try {
    return formatPacket(data);
  } catch (error) {
    if (error instanceof PacketError) return `0x${bytesText(data)}`;
    throw error;
  }
}

export function packetOutText(message: Of<'packet_out'>, version: Version): string {
  const from =
    'match' in message ? formatMatch(message.match, version) : `in_port=${portText(message.inPort)}`;
  const head = `${from} actions=${formatActions(message.actions, version)}`;
  if (message.bufferId !== NO_BUFFER) return `${head} buffer=${hex(message.bufferId, 8)}`;
  const { data } = message;
  return `${head} data_len=${data.length}${data.length === 0 ? '' : `\n${frameText(data)}`}`;
}
