/**
 * Unequal VMs in groups: parallel inside a group, one group after the other. Inside a group a round of all VMs lasts
 * as long as all their volumes take over the whole channel, each VM at the share V_j/ΣV, so that the channel is full and
 * nobody waits: τ_i = Σ V_{j,i}/R, V_{j,i+1} = min(D_j·τ_i, W_j). With equal VMs this is the parallel form of Callegati
 * and Cerroni, and with one VM their serial one. The set serves as a whole: it is down from the first stop to the last
 * resumption.
 */
import {
  assert,
  type BitsPerSec,
  type Bytes,
  type BytesPerSec,
  bitsPerSec,
  type Millis,
  millis,
} from '@sluice/units';

export interface GroupVm {
  readonly memory: Bytes;
  readonly dirtyRate: BytesPerSec;
  /** Dirtying never leaves this part of the memory. */
  readonly workingSet: Bytes;
  /** V_th: the group stops when the rest of every VM of it is at most this. */
  readonly threshold: Bytes;
  /** Whether the service is down while this VM is. */
  readonly isCritical: boolean;
}

export interface Channel {
  readonly rate: BitsPerSec;
  /** n_max: rounds after round 0; the last one is the stop-and-copy. */
  readonly roundsMax: number;
}

export interface GroupTimes {
  /** n */
  readonly rounds: number;
  /** τ_0..τ_n; the last one is the stop-and-copy. */
  readonly durations: readonly Millis[];
  /** T_mig of the group. */
  readonly totalTime: Millis;
  readonly stopAndCopy: Millis;
}

/**
 * What happens to the VMs that are not in the first group: the service is down already, so they are pre-copied all the
 * same (`precopy`), sent once without running (`stopped`: improved serial, m-mixed), or started at the destination and
 * sent after (`postcopy`).
 */
export type RestMode = 'precopy' | 'stopped' | 'postcopy';

export interface ScheduleTimes {
  readonly totalTime: Millis;
  readonly downtime: Millis;
}

/** A group by itself. */
export function groupTimes(vms: readonly GroupVm[], channel: Channel): GroupTimes {
  assert(vms.length > 0, 'a group has at least one VM');
  const volumes = vms.map((vm): number => vm.memory);
  const durations: Millis[] = [];
  let total = 0;
  for (let round = 0; ; round += 1) {
    const duration = (volumes.reduce((sum, volume) => sum + volume, 0) * 8000) / channel.rate;
    durations.push(millis(duration));
    total += duration;
    const isSmall = vms.every((vm, index) => (volumes[index] ?? 0) <= vm.threshold * (1 + SMALL_SLACK));
    if (isSmall || round >= channel.roundsMax)
      return { rounds: round, durations, totalTime: millis(total), stopAndCopy: millis(duration) };
    for (const [index, vm] of vms.entries())
      volumes[index] = Math.min((vm.dirtyRate * duration) / 1000, vm.workingSet);
  }
}

/** A threshold that is an exact power of λ must not cost a round for the last bit of a product. */
export const SMALL_SLACK = 1e-12;

/** The rate of each VM in a round with these volumes: shares that end together and never exceed the channel. */
export function sharesOf(volumes: readonly Bytes[], rate: BitsPerSec): readonly BitsPerSec[] {
  const all = volumes.reduce((sum, volume) => sum + volume, 0);
  return volumes.map((volume) => bitsPerSec(all === 0 ? 0 : Math.min(rate, (rate * volume) / all)));
}

/**
 * Groups one after the other, the first one pre-copied, the others as `rest` says. Down from the stop of the first group
 * with a critical VM to the end of the last one; groups without any are pre-copied before or after and cost no downtime.
 */
export function scheduleTimes(
  groups: readonly (readonly GroupVm[])[],
  of: Channel & { readonly rest: RestMode; readonly resume: Millis },
): ScheduleTimes {
  const isCritical = (group: readonly GroupVm[]) => group.some((vm) => vm.isCritical);
  const first = groups.findIndex(isCritical);
  let total = 0;
  let down = first === -1 ? 0 : (of.resume as number);
  for (const [index, group] of groups.entries()) {
    const isLater = index !== first && first !== -1 && isCritical(group);
    const sendsOnce = isLater && of.rest !== 'precopy';
    const times = groupTimes(group, sendsOnce ? { ...of, roundsMax: 0 } : of);
    total += times.totalTime;
    if (index === first) down += times.stopAndCopy;
    else if (isLater && of.rest !== 'postcopy') down += times.totalTime;
  }
  return { totalTime: millis(total), downtime: millis(down) };
}

/** Groups of g in this order, the last one smaller where g does not divide the set. */
export function inGroupsOf<T>(vms: readonly T[], size: number): readonly (readonly T[])[] {
  const groups: T[][] = [];
  for (let start = 0; start < vms.length; start += size) groups.push(vms.slice(start, start + size));
  return groups;
}
