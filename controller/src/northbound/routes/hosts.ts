/** Hosts and VMs as their agents report them. */
import { elapsed, toSeconds } from '@sluice/units';
import { Router } from 'express';
import { agentAlive, type HostState, migrationOfVm, type State, type VmState } from '../../core/index.ts';
import type { NorthboundContext } from '../context.ts';
import { methodNotAllowed } from '../errors.ts';

export function hostRoutes({ runtime }: NorthboundContext): Router {
  const router = Router();
  router
    .route('/v1/hosts')
    .get((_req, res) => {
      const { state } = runtime;
      res.json({ hosts: [...state.hosts.values()].map((host) => hostView(state, host)) });
    })
    .all(methodNotAllowed('GET'));
  router
    .route('/v1/vms')
    .get((_req, res) => {
      const { state } = runtime;
      res.json({ vms: [...state.vms.values()].map((vm) => vmView(state, vm)) });
    })
    .all(methodNotAllowed('GET'));
  return router;
}

function hostView(state: State, { host, lastSeen, nicCapacity, tx, rx }: HostState) {
  return {
    name: host.id,
    kind: host.kind,
    ip: host.ip,
    mac: host.mac,
    /** null for hosts that have no agent. */
    agentAlive: host.kind === 'hypervisor' ? agentAlive(state, host.id) : null,
    lastSeenAgoSec: lastSeen === null ? null : toSeconds(elapsed(lastSeen, state.now)),
    nicCapacityBitsPerSec: nicCapacity,
    txBitsPerSec: tx,
    rxBitsPerSec: rx,
    vms: [...state.vms.values()].filter(({ hostId }) => hostId === host.id).map(({ id }) => id),
  };
}

const vmView = (state: State, vm: VmState) => ({
  name: vm.id,
  host: vm.hostId,
  state: vm.runState,
  mac: vm.mac,
  ip: vm.ip,
  memoryBytes: vm.memory,
  dirtyRateBytesPerSec: vm.dirtyRate,
  workingSetBytes: vm.workingSet,
  migration: migrationOfVm(state, vm.id)?.id ?? null,
});
