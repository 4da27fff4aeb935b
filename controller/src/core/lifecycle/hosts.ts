/** What agents say about themselves: alive, how loaded, which VMs run where. */
import type { AgentReport, VmProfile } from '@sluice/agents/contract';
import type { HostId, Mac } from '@sluice/topology';
import { assert, bitsPerSec, bytes, bytesPerSec } from '@sluice/units';
import type { VmId } from '../ids.ts';
import { agentAlive, forwardingIfMoved, migrationOfVm } from '../lookups.ts';
import { andThen, announce, result, type Step } from '../result.ts';
import type { HostState, State, VmState } from '../state.ts';

type HostProfile = Extract<AgentReport, { kind: 'host_profile' }>;
type NicLoad = Extract<AgentReport, { kind: 'nic_load' }>;

/** Any report renews the lease. */
export function heard(state: State, hostId: HostId): Step {
  const host = hostOf(state, hostId);
  const next = withHost(state, { ...host, lastSeen: state.now, agentLost: false });
  return host.agentLost ? result(next, announce('agent_back', null, { hostId })) : result(next);
}

export function onHostProfile(state: State, hostId: HostId, report: HostProfile): Step {
  const nicCapacity = bitsPerSec(report.nic.capacityBitsPerSec);
  const { placed, disputed } = placeVms(
    withHost(state, { ...hostOf(state, hostId), nicCapacity }),
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
  // A dispute was told with the host's profile; twice a second would be too often.
  return placeVms(withHost(state, { ...hostOf(state, hostId), tx, rx }), hostId, report.vms).placed;
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
  const vms = new Map(state.vms);
  const listed = new Set<string>();
  const disputed: string[] = [];
  for (const profile of profiles) {
    listed.add(profile.vmId);
    const known = vms.get(profile.vmId as VmId);
    if (known?.hostId === hostId) vms.set(known.id, vmOf(hostId, profile));
    else if (profile.state !== 'running' || migrationOfVm(state, profile.vmId as VmId)) continue;
    else if (known === undefined || !agentAlive(state, known.hostId))
      vms.set(profile.vmId as VmId, vmOf(hostId, profile));
    else disputed.push(profile.vmId);
  }
  for (const vm of state.vms.values())
    if (vm.hostId === hostId && !listed.has(vm.id) && !migrationOfVm(state, vm.id)) vms.delete(vm.id);
  const after: State = { ...state, vms };
  const placed = result(after, ...(isPlacedAlike(state.vms, vms) ? [] : forwardingIfMoved(state, after)));
  return { placed, disputed };
}

/** Heartbeats come often and move nothing; the whole forwarding is compared only when they do. */
function isPlacedAlike(before: State['vms'], after: State['vms']): boolean {
  if (before.size !== after.size) return false;
  for (const [id, vm] of after) {
    const old = before.get(id);
    if (old !== vm && (old?.hostId !== vm.hostId || old.mac !== vm.mac)) return false;
  }
  return true;
}

export const vmOf = (hostId: HostId, profile: VmProfile): VmState => ({
  id: profile.vmId as VmId,
  hostId,
  mac: profile.mac as Mac,
  ip: profile.ip,
  memory: bytes(profile.memoryBytes),
  dirtyRate: bytesPerSec(profile.dirtyRateBytesPerSec),
  workingSet: bytes(profile.workingSetBytes),
  runState: profile.state,
});

function hostOf(state: State, hostId: HostId): HostState {
  const host = state.hosts.get(hostId);
  assert(host, `reports of unknown host ${hostId} are dropped before the core`);
  return host;
}

const withHost = (state: State, host: HostState): State => ({
  ...state,
  hosts: new Map(state.hosts).set(host.host.id, host),
});
