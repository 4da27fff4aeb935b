/** What `migration create` and `migration quote` have in common: the same options make the same body. */
import { type BitsPerSec, type Bytes, type Millis, toSeconds } from '@sluice/units';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseDuration, parseRate, parseVolume } from '../quantity-argument.ts';

const POLICIES = ['bda', 'bda-robust', 'minimum-energy', 'unmanaged'];
const MECHANISMS = ['precopy', 'postcopy', 'hybrid'];
const PRIORITY_MAX = 9;

export interface RequestOptions {
  readonly source?: string;
  readonly policy?: string;
  readonly deadline?: Millis;
  readonly downtimeLimit?: Millis;
  readonly rateMin?: BitsPerSec;
  readonly rateMax?: BitsPerSec;
  readonly floor?: BitsPerSec;
  readonly roundsMax?: number;
  readonly tenant?: string;
  readonly priority?: number;
  readonly mayPreempt?: boolean;
  readonly startAt?: Millis;
  readonly hold?: Millis;
  readonly mechanism?: readonly string[];
  readonly throttleMax?: number;
  readonly togetherWith?: readonly string[];
  readonly announceRounds?: number;
  readonly xbzrleCache?: Bytes;
}

export const withRequest = (command: Command): Command =>
  command
    .option('--source <host>', 'refuse unless the VM is there')
    .addOption(new Option('--policy <name>', 'how rates are chosen').choices(POLICIES))
    .option('--deadline <time>', 'limit on the total time, e.g. 60s', parseDuration)
    .option('--downtime-limit <time>', 'limit on the pause, e.g. 300ms', parseDuration)
    .option('--rate-min <rate>', 'least reservation, e.g. 20Mbit/s', parseRate)
    .option('--rate-max <rate>', 'largest reservation, e.g. 60Mbit/s or 7.5MB/s', parseRate)
    .option('--floor <rate>', 'kept for applications on every link of the path meanwhile', parseRate)
    .option('--rounds-max <count>', 'pre-copy rounds after the first', parseCount)
    .option('--tenant <name>', 'in whose quota it counts')
    .option('--priority <n>', `0 to ${PRIORITY_MAX}; the higher goes first (default: 5)`, parsePriority)
    .option('--may-preempt', 'may take from lower priorities what they were promised')
    .option('--start-at <time>', 'book it for so long from now, e.g. 2h', parseDuration)
    .option('--hold <time>', 'only hold it; without a commit in that time it is let go', parseDuration)
    .addOption(new Option('--mechanism <name...>', 'allowed ways to move the memory').choices(MECHANISMS))
    .option('--throttle-max <share>', 'CPU time that the guest may lose when it stalls, e.g. 0.3', parseShare)
    .option('--together-with <vm...>', 'VMs that are asked for along with it: mechanisms suit all of them')
    .option('--announce-rounds <count>', 'self-announcements after the move, 0 for none', parseRounds)
    .option(
      '--xbzrle-cache <size>',
      'send differences of pages, out of a cache of, e.g., 32MiB',
      parseVolume,
    );

export function bodyOf(
  vm: string,
  destination: string,
  options: RequestOptions,
): Readonly<Record<string, unknown>> {
  const seconds = (time: Millis | undefined) => (time === undefined ? undefined : toSeconds(time));
  return {
    vm,
    destination,
    source: options.source,
    policy: options.policy,
    deadlineSec: seconds(options.deadline),
    downtimeLimitSec: seconds(options.downtimeLimit),
    rateMinBitsPerSec: options.rateMin,
    rateMaxBitsPerSec: options.rateMax,
    applicationFloorBitsPerSec: options.floor,
    roundsMax: options.roundsMax,
    tenant: options.tenant,
    priority: options.priority,
    mayPreempt: options.mayPreempt,
    startAtSec: seconds(options.startAt),
    holdForSec: seconds(options.hold),
    mechanisms: options.mechanism,
    throttleMax: options.throttleMax,
    togetherWith: options.togetherWith,
    hypervisor: hypervisorOf(options),
  };
}

/** Nothing is said of the hypervisors when nothing was asked of them. */
const hypervisorOf = ({ announceRounds, xbzrleCache }: RequestOptions) =>
  announceRounds === undefined && xbzrleCache === undefined
    ? undefined
    : { announceRounds, xbzrleCacheBytes: xbzrleCache };

export function parseCount(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('A whole number from 1 up is wanted.');
  return Number(text);
}

function parsePriority(text: string): number {
  if (!/^\d$/.test(text))
    throw new InvalidArgumentError(`A whole number from 0 to ${PRIORITY_MAX} is wanted.`);
  return Number(text);
}

function parseRounds(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError('A whole number from 0 up is wanted.');
  return Number(text);
}

function parseShare(text: string): number {
  const share = Number(text);
  if (text.trim() === '' || !(share > 0 && share < 1))
    throw new InvalidArgumentError('A share between 0 and 1 is wanted, e.g. 0.3.');
  return share;
}
