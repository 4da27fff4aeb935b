/** Queues of ports. ovs-ofctl(8), `queue-stats` and `queue-get-config`. */
import type { Version } from '../../versions.ts';
import { bytesText, hex } from '../words/numbers.ts';
import { portText } from '../words/ports.ts';
import { counterText } from './port.ts';
import { durationText } from './stats.ts';
import type { Of } from './types.ts';

const ALL_QUEUES = 0xffff_ffff;
const queueText = (queue: number): string => (queue === ALL_QUEUES ? 'ALL' : String(queue));

/** In 1.0 all ports are asked for by OFPP_ALL. */
const ALL_PORTS_10 = 0xfffc;

export const queueRequestText = (request: Of<'queue_stats_request'>, version: Version): string =>
  `port=${version === '1.0' && request.portNo === ALL_PORTS_10 ? 'ANY' : portText(request.portNo)} queue=${queueText(request.queueId)}`;

export const queueDescRequestText = (request: Of<'queue_desc_request'>): string =>
  `port=${portText(request.portNo)}${request.queueId === ALL_QUEUES ? '' : ` queue=${request.queueId}`}`;

export function queueStatsText({ queues }: Of<'queue_stats_reply'>): string {
  const lines = queues.map((queue) => {
    const duration =
      'durationSec' in queue && queue.durationSec !== 0xffff_ffff
        ? durationText(queue.durationSec, queue.durationNsec)
        : '?';
    return `\n  port ${portText(queue.portNo)} queue ${queueText(queue.queueId)}: bytes=${counterText(queue.txBytes)}, pkts=${counterText(queue.txPackets)}, errors=${counterText(queue.txErrors)}, duration=${duration}`;
  });
  return `${queues.length} queues${lines.join('')}`;
}

type Queue = Of<'queue_get_config_reply'>['queues'][number] | Of<'queue_desc_reply'>['queues'][number];

export const queueConfigText = ({ portNo, queues }: Of<'queue_get_config_reply'>): string =>
  `port=${portText(portNo)}${queues.map((queue) => `\n${oneQueue(queue)}`).join('')}`;

/** The port stands before its queues. */
export function queueDescText({ queues }: Of<'queue_desc_reply'>): string {
  const ports = [...new Set(queues.map(({ portNo }) => portNo))].sort((a, b) => a - b);
  return ports
    .map((port) => {
      const lines = queues.filter(({ portNo }) => portNo === port).map(oneQueue);
      return [`port=${portText(port)}`, ...lines].join('\n');
    })
    .join('\n');
}

/** A rate is told in tenths of a percent; more than all means none is set. */
const RATE_MAX = 1000;

function oneQueue({ queueId, properties }: Queue): string {
  return `queue ${queueText(queueId)}:${properties.map(propertyText).join('')}`;
}

function propertyText(property: Queue['properties'][number]): string {
  switch (property.type) {
    case 'min_rate':
    case 'max_rate':
      return ` ${property.type}:${rateText(property.rate)}`;
    case 'none':
      return '';
    case 'experimenter':
      return ` experimenter(${hex(property.experimenter)},${bytesText(property.data)})`;
    case 'unknown':
      return ` property${property.code}=0x${bytesText(property.data)}`;
  }
}

const rateText = (rate: number): string =>
  rate > RATE_MAX ? '(disabled)' : `${Math.floor(rate / 10)}.${rate % 10}%`;

export const queueConfigRequestText = (request: Of<'queue_get_config_request'>): string =>
  `port=${portText(request.portNo)}`;
