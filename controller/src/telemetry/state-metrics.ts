/** Gauges of what is true now, rebuilt at every scrape. */
import type { Link } from '@sluice/topology';
import { asBytesPerSec, type BitsPerSec } from '@sluice/units';
import { Gauge, type Registry } from 'prom-client';
import {
  activeMigrations,
  agentAlive,
  floorOf,
  headroomOf,
  heldOn,
  residualOf,
  type State,
} from '../core/index.ts';
import type { NetworkStatus } from '../southbound/interfaces.ts';
import { PHASES } from '../store/index.ts';

export interface Observed {
  readonly state: State;
  readonly network: NetworkStatus;
  readonly storeUp: boolean;
  readonly unwritten: number;
  readonly queueLength: number;
  readonly epoch: number;
  readonly eventClients: number;
  /** Agents' reports that went no further, by reason. */
  readonly reportsDropped: Readonly<Record<string, number>>;
}

type Row = readonly [labels: Readonly<Record<string, string>>, value: number];

export function addStateMetrics(registry: Registry, look: () => Observed): void {
  const gauge = (
    name: string,
    help: string,
    labelNames: string[],
    rows: (seen: Observed) => Iterable<Row>,
  ) => {
    new Gauge({
      name,
      help,
      labelNames,
      registers: [registry],
      collect() {
        this.reset();
        for (const [labels, value] of rows(look())) this.set(labels, value);
      },
    });
  };
  const single = (name: string, help: string, value: (seen: Observed) => number) =>
    gauge(name, help, [], (seen) => [[{}, value(seen)]]);

  gauge('sluice_migrations', 'Migrations that the core knows, by phase', ['phase'], ({ state }) =>
    PHASES.map((phase) => [
      { phase },
      [...state.migrations.values()].filter((m) => m.phase === phase).length,
    ]),
  );
  addLiveMigrations(gauge);
  addLinks(gauge);
  gauge('sluice_dp_status', '1 while the switch is connected', ['dp_id', 'dp_name'], ({ network }) =>
    network.switches.map(({ dpid, name, connected }) => [{ dp_id: dpid, dp_name: name }, connected ? 1 : 0]),
  );
  gauge('sluice_host_agent_up', '1 while the agent of the host reports', ['host'], ({ state }) =>
    [...state.hosts.values()]
      .filter(({ host }) => host.kind === 'hypervisor')
      .map(({ host }) => [{ host: host.id }, agentAlive(state, host.id) ? 1 : 0]),
  );
  gauge('sluice_host_nic_bytes_per_second', 'Load of the NIC', ['host', 'direction'], ({ state }) =>
    [...state.hosts.values()].flatMap(({ host, tx, rx }): Row[] => [
      [{ host: host.id, direction: 'tx' }, asBytesPerSec(tx)],
      [{ host: host.id, direction: 'rx' }, asBytesPerSec(rx)],
    ]),
  );
  gauge('sluice_agent_reports_dropped', 'Reports that went no further', ['why'], ({ reportsDropped }) =>
    Object.entries(reportsDropped).map(([why, count]) => [{ why }, count]),
  );
  single('sluice_topology_alerts', 'Findings against the inventory', ({ network }) => network.alerts.length);
  single('sluice_store_up', '1 while the store takes writes', ({ storeUp }) => (storeUp ? 1 : 0));
  single('sluice_store_unwritten', 'Records that wait for the store', ({ unwritten }) => unwritten);
  single('sluice_input_queue_length', 'Inputs that wait for the core', ({ queueLength }) => queueLength);
  single('sluice_epoch', 'Fencing token of this process', ({ epoch }) => epoch);
  single('sluice_event_clients', 'Readers of the event stream', ({ eventClients }) => eventClients);
}

type AddGauge = (
  name: string,
  help: string,
  labelNames: string[],
  rows: (seen: Observed) => Iterable<Row>,
) => void;

function addLiveMigrations(gauge: AddGauge): void {
  gauge(
    'sluice_migration_data_remaining_bytes',
    'Still to send at the last boundary',
    ['migration'],
    ({ state }) =>
      activeMigrations(state).map((m) => [{ migration: m.id }, m.rounds.at(-1)?.remaining ?? m.vm.memory]),
  );
  gauge('sluice_migration_data_processed_bytes', 'Payload sent so far', ['migration'], ({ state }) =>
    activeMigrations(state).map((m) => [
      { migration: m.id },
      m.rounds.reduce((total, { transferred }) => total + transferred, 0),
    ]),
  );
  gauge('sluice_migration_dirty_memory_rate_bytes_per_second', 'As last seen', ['migration'], ({ state }) =>
    activeMigrations(state).map((m) => [{ migration: m.id }, m.rounds.at(-1)?.dirtyRate ?? m.vm.dirtyRate]),
  );
}

function addLinks(gauge: AddGauge): void {
  const perLink = (
    name: string,
    help: string,
    rateOf: (state: State, link: Link) => BitsPerSec | undefined,
  ) =>
    gauge(name, help, ['link'], ({ state }) =>
      [...state.topology.links.values()].flatMap((link): Row[] => {
        const rate = rateOf(state, link);
        return rate === undefined ? [] : [[{ link: link.id }, asBytesPerSec(rate)]];
      }),
    );
  perLink('sluice_link_capacity_bytes_per_second', 'What the link can carry', (_, link) => link.capacity);
  perLink('sluice_link_reserved_bytes_per_second', 'Promised to migrations', (state, { id }) =>
    heldOn(state, id),
  );
  perLink('sluice_link_floor_bytes_per_second', 'Kept for applications', (state, { id }) =>
    floorOf(state, id),
  );
  perLink('sluice_link_headroom_bytes_per_second', 'Never promised', (state, { id }) =>
    headroomOf(state, id),
  );
  perLink(
    'sluice_link_residual_bytes_per_second',
    'Capacity less headroom, floor and reservations',
    (state, { id }) => residualOf(state, id),
  );
  perLink('sluice_link_application_bytes_per_second', 'Measured application traffic', (state, { id }) =>
    state.linkLoads.get(id),
  );
  gauge('sluice_link_up', '1 while the link is usable', ['link'], ({ state }) =>
    [...state.topology.links.keys()].map((id) => [{ link: id }, state.linksDown.has(id) ? 0 : 1]),
  );
}
