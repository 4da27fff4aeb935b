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
      return `${who} admitted${promised(data, rate)}`;
    case 'migration_held':
      return `${who} held for ${time('heldForSec')}, ${rate('guaranteedBitsPerSec')} guaranteed on ${data.path}`;
    case 'migration_scheduled':
      return `${who} booked, begins in ${time('startAtSec')} with ${rate('guaranteedBitsPerSec')} guaranteed on ${data.path}`;
    case 'preempted':
      return data.concession === 'evicted'
        ? `${who} is evicted by ${data.by}`
        : `${who} gives way to ${data.by}: ${rate('fromBitsPerSec')} guaranteed → ${rate('toBitsPerSec')}`;
    case 'migration_refused':
      return `${who} refused: ${data.reason}`;
    case 'answer_refused':
      return `${who} is told ${Object.entries(data)
        .map(([key, value]) => (key === 'kind' ? String(value) : `${key} ${value}`))
        .join(', ')}`;
    case 'migration_started':
      return `${who} started: round 0 sends all memory`;
    case 'storage_progress':
      return `${who} ${volume('copiedBytes')} of ${volume('totalBytes')} of its disks copied`;
    case 'round_finished':
      return [
        `${who} ${PHASE_NAMES.get(data.phase) ?? `round ${data.round}`}`,
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
    case 'limits_at_risk':
      return `${who} begins with what it was promised, which may not be enough any more: ${data.reason}`;
    case 'waiting_for_room':
      return `${who} waits for room${has(data, 'neededBitsPerSec') ? ` for ${rate('neededBitsPerSec')}` : ''}`;
    case 'rerouted':
      return `${who} goes on over ${data.path} with ${rate('reservedBitsPerSec')}`;
    case 'rate_kept':
      return `${who} keeps its rate: ${data.detail}`;
    case 'rescue':
      return `${who} ${rescueInWords(data)}`;
    case 'postcopy_ordered':
      return `${who} post-copy: the VM goes first, ${volume('remainingBytes')} follow`;
    case 'postcopy_paused':
      return `${who} post-copy interrupted, ${volume('remainingBytes')} still to come`;
    case 'postcopy_recovered':
      return `${who} post-copy goes on`;
    case 'would_run':
      return `${who} would run at ${rate('reservedBitsPerSec')}, ${data.rounds} transfers in ${time('totalTimeSec')}, downtime ${time('downtimeSec')}`;
    case 'would_send_command':
      return `${who} would tell ${data.hostId} ${String(data.command).replaceAll('_', ' ')}`;
    case 'would_install_reservation':
      return `${who} would lay ${rate('rateBitsPerSec')} on ${data.path}`;
    case 'would_resize_reservation':
      return `${who} would change to ${rate('rateBitsPerSec')}`;
    case 'would_reroute_reservation':
      return `${who} would go over ${data.path} with ${rate('rateBitsPerSec')}`;
    case 'would_remove_reservation':
      return `${who} would take its reservation away`;
    case 'sender_silent':
      return `${who} sender does not answer, the network is lowered all the same`;
    case 'explained':
      return explained(who, data, rate);
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

/** Where there is no room yet for what is guaranteed, the guarantee says more than what is there. */
function promised(data: Announced['data'], rate: (name: string) => string): string {
  if (!has(data, 'reservedBitsPerSec')) return '';
  return Number(data.reservedBitsPerSec) < Number(data.guaranteedBitsPerSec ?? 0)
    ? `, ${rate('guaranteedBitsPerSec')} guaranteed on ${data.path}`
    : `, ${rate('reservedBitsPerSec')} reserved on ${data.path}`;
}

const PHASE_NAMES: ReadonlyMap<unknown, string> = new Map([
  ['stop_and_copy', 'stop-and-copy'],
  ['postcopy', 'post-copy'],
]);

function rescueInWords(data: Announced['data']): string {
  switch (data.means) {
    case 'boost':
      return `stalls: others make room up to ${formatRate(bitsPerSec(Number(data.toBitsPerSec)))}`;
    case 'postcopy':
      return 'stalls: the VM moves before its memory';
    case 'throttle':
      return `stalls: the guest gives up ${Math.round(Number(data.share) * 100)} % of its CPU time`;
    default:
      return 'gets on again without help';
  }
}

const has = (data: Announced['data'], name: string) => data[name] !== undefined && data[name] !== null;
const inWords = (value: number | null, say: (value: number) => string) =>
  value === null ? 'unknown' : say(value);

function explained(who: string, data: Announced['data'], rate: (name: string) => string): string {
  if (data.binding === null) return `${who} explained: ${data.reason}`;
  return [
    `${who} explained: ${rate('currentBitsPerSec')} of ${rate('targetBitsPerSec')}`,
    `${rate('guaranteeBitsPerSec')} guaranteed`,
    `bound by ${String(data.binding).replaceAll('_', ' ')}`,
    data.links ? `${data.links}` : null,
    data.wouldRaiseIt ? `more by ${data.wouldRaiseIt}` : null,
  ]
    .filter((part) => part !== null)
    .join(', ');
}
