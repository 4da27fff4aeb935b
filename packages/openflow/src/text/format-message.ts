/** One line about any message, for logs. */
import type { Message } from '../codec.ts';
import { errorName } from '../errors.ts';
import { OFPFC, OFPGC, OFPMC } from '../generated/of13/constants.ts';
import { durationText, formatActions, formatBand, formatFlow, formatMatch, portText } from './format.ts';

const nameOf = (group: Readonly<Record<string, number>>, value: number): string =>
  Object.entries(group)
    .find(([, number]) => number === value)?.[0]
    ?.toLowerCase() ?? String(value);

/** For example 'flow_mod add: cookie=0x0,table=0,priority=1 actions=drop'. */
export function formatMessage(message: Message): string {
  switch (message.type) {
    case 'error':
      return `error: ${errorName(message.ofType, message.ofCode)}`;
    case 'flow_mod':
      return `flow_mod ${nameOf(OFPFC, message.command)}: ${formatFlow(message)}`;
    case 'meter_mod': {
      const bands = message.bands.map((band) => ` band=${formatBand(band)}`).join('');
      return `meter_mod ${nameOf(OFPMC, message.command)}: meter=${message.meterId} flags=${message.flags}${bands}`;
    }
    case 'group_mod': {
      const buckets = message.buckets
        .map((bucket) => `,bucket=actions=${formatActions(bucket.actions)}`)
        .join('');
      return `group_mod ${nameOf(OFPGC, message.command)}: group_id=${message.groupId}${buckets}`;
    }
    case 'packet_in':
      return `packet_in: ${formatMatch(message.match)} total_len=${message.totalLen} reason=${message.reason} data=${message.data.length} bytes`;
    case 'packet_out':
      return `packet_out: in_port=${portText(message.inPort)} actions=${formatActions(message.actions)} data=${message.data.length} bytes`;
    case 'flow_removed':
      return `flow_removed: cookie=0x${message.cookie.toString(16)} table=${message.tableId} priority=${message.priority} ${formatMatch(message.match)} reason=${message.reason} duration=${durationText(message)} n_packets=${message.packetCount} n_bytes=${message.byteCount}`;
    case 'port_status':
      return `port_status: reason=${message.reason} port=${portText(message.port.portNo)}(${message.port.name}) config=${message.port.config} state=${message.port.state}`;
    default:
      return generic(message);
  }
}

function generic(message: Message): string {
  const parts = Object.entries(message)
    .filter(([key]) => key !== 'type')
    .map(([key, value]) => `${key}=${short(value)}`);
  return parts.length === 0 ? message.type : `${message.type}: ${parts.join(' ')}`;
}

function short(value: unknown): string {
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (Array.isArray(value)) return `[${value.length}]`;
  if (typeof value === 'bigint') return `0x${value.toString(16)}`;
  if (typeof value === 'object' && value !== null) return `{${formatMatch(value as never)}}`;
  return String(value);
}
