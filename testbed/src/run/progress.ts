/** One line per thing that happens, in words, for people who watch. */
import { bitsPerSec, bytes, formatBytes, formatRate, formatSeconds, millis } from '@sluice/units';
import type { RunName } from './result.ts';

/** What both the controller's event stream and the simulator announce. */
export interface Announced {
  readonly type: string;
  readonly subject: string | null;
  readonly data: Readonly<Record<string, string | number | boolean | null>>;
}

export interface ProgressLine {
  readonly run: RunName;
  /** Seconds since this run began; virtual ones in a simulation. */
  readonly atSec: number;
  readonly text: string;
}

/** The event in words; null for what is not worth a line. */
export function describe({ type, subject, data }: Announced): string | null {
  const number = (name: string) => (typeof data[name] === 'number' ? data[name] : null);
  const rate = (name: string) => inWords(number(name), (value) => formatRate(bitsPerSec(value)));
  const volume = (name: string) => inWords(number(name), (value) => formatBytes(bytes(value)));
  const time = (name: string) => inWords(number(name), (value) => formatSeconds(millis(value * 1000)));
  const dirtyRate = () => `${volume('dirtyRateBytesPerSec')}/s`;
  const who = subject ?? '';
  switch (type) {
    case 'migration_admitted':
      return has(data, 'reservedBitsPerSec')
        ? `${who} admitted, ${rate('reservedBitsPerSec')} reserved on ${data.path}`
        : `${who} admitted`;
    case 'migration_refused':
      return `${who} refused: ${data.reason}`;
    case 'answer_refused':
      return `${who} is told ${Object.entries(data)
        .map(([key, value]) => (key === 'kind' ? String(value) : `${key} ${value}`))
        .join(', ')}`;
    case 'migration_started':
      return `${who} started: round 0 sends all memory`;
    case 'round_finished':
      return [
        data.phase === 'stop_and_copy' ? `${who} stop-and-copy` : `${who} round ${data.round}`,
        has(data, 'reservedBitsPerSec') ? `reserved ${rate('reservedBitsPerSec')}` : null,
        has(data, 'measuredBitsPerSec') ? `measured ${rate('measuredBitsPerSec')}` : null,
        has(data, 'durationSec') ? `in ${time('durationSec')}` : null,
        has(data, 'remainingBytes') ? `${volume('remainingBytes')} dirtied at ${dirtyRate()}` : null,
      ]
        .filter((part) => part !== null)
        .join(', ');
    case 'rate_changed':
      return `${who} rate ${rate('fromBitsPerSec')} → ${rate('toBitsPerSec')}`;
    case 'switchover_started':
      return `${who} switchover`;
    case 'vm_stopped':
      return `${who} VM paused, its flows flip to the destination`;
    case 'vm_resumed':
      return `${who} VM runs at the destination`;
    case 'migration_completed':
      return `${who} completed${has(data, 'totalTimeSec') ? ` in ${time('totalTimeSec')}` : ''}${
        has(data, 'downtimeSec') ? `, downtime ${time('downtimeSec')}` : ''
      }`;
    case 'migration_aborted':
    case 'migration_failed':
      return `${who} ${type.slice('migration_'.length)}${data.reason ? `: ${data.reason}` : ''}`;
    case 'migration_committed':
      return `${who} committed`;
    case 'waiting_for_room':
      return `${who} waits for room${has(data, 'neededBitsPerSec') ? ` for ${rate('neededBitsPerSec')}` : ''}`;
    case 'rate_kept':
      return `${who} keeps its rate: ${data.detail}`;
    case 'sender_silent':
      return `${who} sender does not answer, the network is lowered all the same`;
    case 'fault_agent_comes_back':
      return `the agent of ${data.hostId} comes back`;
    case 'fault_rate_ignored':
      return `the agent of ${data.hostId} will ignore the next rate`;
    case 'fault_change_refused':
      return `the switch ${data.switch} will refuse the next change`;
    case 'fault_link_mended':
      return `the cable of ${data.link} is mended`;
    case 'agent_back':
      return `the agent of ${data.hostId} is back`;
    case 'link_up':
      return `link ${data.link} is up`;
    case 'fault_agent_dies':
      return `the agent of ${data.hostId} dies`;
    case 'fault_link_breaks':
      return `the cable of ${data.link} breaks`;
    case 'agent_lost':
      return `the agent of ${data.hostId} is lost`;
    case 'link_down':
      return `link ${data.link} is down`;
    default:
      return null;
  }
}

const has = (data: Announced['data'], name: string) => data[name] !== undefined && data[name] !== null;
const inWords = (value: number | null, say: (value: number) => string) =>
  value === null ? 'unknown' : say(value);
