/** Where the core begins: the inventory, nobody heard, nothing promised. */
import type { HostId, Mac, Topology } from '@sluice/topology';
import { type Instant, instant, millis, ZERO } from '@sluice/units';
import { noAllocation } from './allocation/allocation.ts';
import { emptyLedger } from './ledger/index.ts';
import type { CoreConfig, HostState, State } from './state.ts';
import { VersionedMap, VersionedSet } from './versioned/index.ts';

export const DEFAULT_CORE_CONFIG: CoreConfig = {
  headroomFraction: 0.1,
  migrationShareMin: 0.5,
  rateCapFraction: 0.94,
  reverseFraction: 0.03,
  /** Four heartbeats. */
  agentLease: millis(2000),
  stepTimeout: millis(10_000),
  progressTimeout: millis(15_000),
  migrationsMax: 256,
  /** One watt at 1 Gbit/s: an assumption to be calibrated. */
  energy: { k0: 1e-6, alpha: 2 },
  speedup: 1.15,
  switchoverOverhead: millis(30),
  deadlineMargin: 0.1,
  tenantQuotas: {},
  objective: 'own',
  secondsCostJoule: 1,
  reallocationMin: 0.05,
  lowerTimeout: millis(1000),
  shadow: false,
  stallRatio: 0.95,
  stallWeight: 0.5,
  stallRoundsMax: 5,
  allocationWorkMax: 1_000_000,
};

export function initialState(
  topology: Topology,
  config: CoreConfig,
  options: { readonly firstReservationId?: number; readonly now?: Instant } = {},
): State {
  const hosts = [...topology.hosts.values()];
  const unheard = {
    lastSeen: null,
    agentLost: false,
    nicCapacity: null,
    capabilities: [],
    tx: ZERO.rate,
    rx: ZERO.rate,
  };
  return {
    topology,
    config,
    now: options.now ?? instant(0),
    hosts: VersionedMap.of<HostId, HostState>(hosts.map((host) => [host.id, { host, ...unheard }])),
    vms: VersionedMap.of(),
    vmsOn: VersionedMap.of(),
    migrations: VersionedMap.of(),
    active: VersionedMap.of(),
    live: VersionedSet.of(),
    liveOn: VersionedMap.of(),
    waiting: VersionedMap.of(),
    wakeAt: null,
    checkAt: null,
    ended: VersionedSet.of(),
    places: VersionedMap.of<Mac, HostId>(hosts.map((host) => [host.mac, host.id])),
    moves: VersionedMap.of(),
    ledger: emptyLedger({
      topology,
      reverseFraction: config.reverseFraction,
      firstReservationId: options.firstReservationId ?? 1,
    }),
    allocation: noAllocation(),
    shadows: VersionedMap.of(),
    linksDown: VersionedSet.of(),
    linkLoads: VersionedMap.of(),
  };
}
