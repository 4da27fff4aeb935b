/**
 * What agents say about themselves: alive, how loaded, which VMs run where.
 * Names from agents become ids here, hence the casts.
 */

import type { AgentReport, VmProfile } from '@sluice/agents/contract';
import type { HostId, Mac } from '@sluice/topology';
import { assert, type BytesPerSec, bitsPerSec, bytes, bytesPerSec } from '@sluice/units';
import { hostWith, stateWith } from '../copies.ts';
import type { Effect } from '../effect.ts';
import type { VmId } from '../ids.ts';
import { agentAlive, forwardingIfMoved, isWaiting, migrationOfVm } from '../lookups.ts';
import { andThen, announce, result, type Step, withoutVm, withVm } from '../result.ts';
import type { HostState, State, VmState } from '../state.ts';
import { commandTo } from './commands.ts';

type HostProfile = Extract<AgentReport, { kind: 'host_profile' }>;
type NicLoad = Extract<AgentReport, { kind: 'nic_load' }>;

/** Any report renews the lease. */
export function heard(state: State, hostId: HostId): Step {
  const host = hostOf(state, hostId);
  const next = withHost(state, hostWith(host, { lastSeen: state.now, agentLost: false }));
  const back = host.agentLost ? [announce('agent_back', null, { hostId })] : [];
  const missed = host.lastSeen === null || agentAlive(state, hostId) ? [] : missedEnds(state, host);
  return result(next, ...back, ...missed);
}

/** Of what ended while an agent was not heard it was not told: it may have been cut off, and go on with it. */
const missedEnds = (state: State, { host, lastSeen }: HostState): readonly Effect[] =>
  [...state.migrations.values()]
    .filter(
      ({ source, destination, outcome, endedAt, postcopy, resumedAt }) =>
        (source === host.id || destination === host.id) &&
        (outcome === 'failed' || outcome === 'aborted') &&
        (endedAt === null || lastSeen === null || endedAt >= lastSeen) &&
        postcopy === null &&
        resumedAt === null,
    )
    .map(({ id, reason }) =>
      commandTo(host.id, {
        kind: 'cancel_migration',
        migrationId: id,
        reason: reason ?? 'ended while the agent was away',
      }),
    );

export function onHostProfile(state: State, hostId: HostId, report: HostProfile): Step {
  const nicCapacity = bitsPerSec(report.nic.capacityBitsPerSec);
  const { placed, disputed } = placeVms(
    withHost(
      state,
      hostWith(hostOf(state, hostId), { nicCapacity, capabilities: report.capabilities ?? [] }),
    ),
    hostId,
    report.vms,
  );
  if (disputed.length === 0) return placed;
  const vmIds = disputed.join(' ');
  return andThen(placed, (next) =>
    result(next, announce('report_ignored', null, { hostId, reason: 'vm_runs_elsewhere', vmIds })),
  );
}

export function onNicLoad(state: State, hostId: HostId, report: NicLoad): Step {
  const tx = bitsPerSec(report.txBitsPerSec);
  const rx = bitsPerSec(report.rxBitsPerSec);
  const host = hostOf(state, hostId);
  const loaded = host.tx === tx && host.rx === rx ? state : withHost(state, hostWith(host, { tx, rx }));
  // A dispute was told with the host's profile; twice a second would be too often.
  return placeVms(loaded, hostId, report.vms).placed;
}

/**
 * A VM is where a host reports it running. A VM in migration moves by the migration's own reports only, and one that
 * is already placed moves when its host no longer lists it or is lost, so that two hosts never take turns.
 */
function placeVms(
  state: State,
  hostId: HostId,
  profiles: readonly VmProfile[],
): { readonly placed: Step; readonly disputed: readonly string[] } {
  const disputed: string[] = [];
  let placedHere = 0;
  let after = state;
  for (const profile of profiles) {
    const known = after.vms.get(profile.vmId as VmId);
    if (known?.hostId === hostId) {
      placedHere += 1;
      if (!isKnown(known, profile)) after = withVm(after, vmOf(hostId, profile, known));
    } else if (profile.state !== 'running' || isMigrating(after, profile.vmId as VmId)) continue;
    else if (known === undefined || !agentAlive(after, known.hostId))
      after = withVm(after, vmOf(hostId, profile, known));
    else disputed.push(profile.vmId);
  }
  // Heartbeats mostly list exactly those that are known to be there, and then nobody has to be looked for.
  if (after.vmsOn.get(hostId)?.size !== placedHere || isAnyTwice(profiles))
    after = withoutUnlisted(after, hostId, profiles);
  return { placed: result(after, ...forwardingIfMoved(state, after)), disputed };
}

/** Those that the host does not list any more are gone, unless a migration moves them. */
function withoutUnlisted(state: State, hostId: HostId, profiles: readonly VmProfile[]): State {
  const listed = new Set<string>(profiles.map(({ vmId }) => vmId));
  let after = state;
  for (const id of state.vmsOn.get(hostId) ?? []) {
    if (listed.has(id) || isMigrating(after, id)) continue;
    const vm = after.vms.get(id);
    if (vm) after = withoutVm(after, vm);
  }
  return after;
}

/** Of the few VMs that most hosts have every two are compared: that takes no memory. */
function isAnyTwice(profiles: readonly VmProfile[]): boolean {
  if (profiles.length > FEW_VMS) return new Set(profiles.map(({ vmId }) => vmId)).size < profiles.length;
  return profiles.some(({ vmId }, index) => {
    for (let other = 0; other < index; other += 1) if (profiles[other]?.vmId === vmId) return true;
    return false;
  });
}
const FEW_VMS = 32;

/** Heartbeats mostly repeat what is known, and then nothing is made or written. */
const isKnown = (vm: VmState, profile: VmProfile): boolean =>
  vm.dirtyRate === profile.dirtyRateBytesPerSec &&
  // One that is still wearing off changes with every report.
  vm.dirtyRateDeviation === 0 &&
  vm.workingSet === profile.workingSetBytes &&
  vm.tx === profile.txBitsPerSec &&
  vm.rx === profile.rxBitsPerSec &&
  vm.memory === profile.memoryBytes &&
  vm.runState === profile.state &&
  vm.mac === profile.mac &&
  vm.ip === profile.ip;

/** One that only waits for its time does not hold its VM. */
function isMigrating(state: State, vmId: VmId): boolean {
  const migration = migrationOfVm(state, vmId);
  return migration !== null && !isWaiting(migration);
}

/** `before`: what was known of it, for how much its dirty rate moves about. */
export const vmOf = (hostId: HostId, profile: VmProfile, before?: VmState): VmState => ({
  id: profile.vmId as VmId,
  hostId,
  mac: profile.mac as Mac,
  ip: profile.ip,
  memory: bytes(profile.memoryBytes),
  dirtyRate: bytesPerSec(profile.dirtyRateBytesPerSec),
  dirtyRateDeviation: deviationOf(profile.dirtyRateBytesPerSec, before),
  workingSet: bytes(profile.workingSetBytes),
  tx: bitsPerSec(profile.txBitsPerSec),
  rx: bitsPerSec(profile.rxBitsPerSec),
  runState: profile.state,
});

/** As TCP does for its round-trip times (RFC 6298, section 2): a quarter of the newest distance. */
function deviationOf(dirtyRate: number, before: VmState | undefined): BytesPerSec {
  if (before === undefined) return bytesPerSec(dirtyRate / 2);
  const distance = Math.abs(dirtyRate - before.dirtyRate);
  const moved = 0.75 * before.dirtyRateDeviation + 0.25 * distance;
  // What is too small to matter must not change the state at every report.
  return bytesPerSec(moved < Math.max(1, DEVIATION_SHARE_MIN * dirtyRate) ? 0 : moved);
}
const DEVIATION_SHARE_MIN = 1e-3;

function hostOf(state: State, hostId: HostId): HostState {
  const host = state.hosts.get(hostId);
  assert(host, `reports of unknown host ${hostId} are dropped before the core`);
  return host;
}

const withHost = (state: State, host: HostState): State =>
  stateWith(state, {
    hosts: state.hosts.set(host.host.id, host),
  });
