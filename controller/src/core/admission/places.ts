/** Whether the two ends of a request are what it needs: a VM that runs and is free, hosts that can take it. */
import { agentAlive, migrationOfVm } from '../lookups.ts';
import type { MigrationRequest, Refusal } from '../request.ts';
import type { State, VmState } from '../state.ts';

export function checkPlaces(
  state: State,
  request: MigrationRequest,
  vm: VmState | undefined,
): Refusal | null {
  if (state.migrations.has(request.id)) return { kind: 'migration_exists', migrationId: request.id };
  const { migrationsMax } = state.config;
  if (state.active.size >= migrationsMax) return { kind: 'migrations_max', limit: migrationsMax };
  const { vmId, destination, source, togetherWith } = request;
  if (vm === undefined) return { kind: 'unknown_vm', vmId };
  const unknown = togetherWith.find((id) => !state.vms.has(id));
  if (unknown !== undefined) return { kind: 'unknown_vm', vmId: unknown };
  const busy = migrationOfVm(state, vmId);
  if (busy) return { kind: 'vm_busy', vmId, migrationId: busy.id };
  return checkEnds(state, { source, destination }, vm);
}

/** The part that must still be true when a migration that waited begins. */
export function checkEnds(
  state: State,
  { source, destination }: Pick<MigrationRequest, 'source' | 'destination'>,
  vm: VmState,
): Refusal | null {
  if (vm.runState !== 'running') return { kind: 'vm_not_running', vmId: vm.id, runState: vm.runState };
  for (const hostId of source === null ? [destination] : [source, destination]) {
    const host = state.hosts.get(hostId);
    if (host === undefined) return { kind: 'unknown_host', hostId };
    if (host.host.kind !== 'hypervisor') return { kind: 'not_a_hypervisor', hostId };
  }
  if (source !== null && source !== vm.hostId)
    return { kind: 'wrong_source', hostId: source, actual: vm.hostId };
  if (destination === vm.hostId) return { kind: 'same_host', hostId: destination };
  for (const hostId of [vm.hostId, destination])
    if (!agentAlive(state, hostId)) return { kind: 'host_unavailable', hostId };
  return null;
}
