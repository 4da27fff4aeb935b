/** Where queue 1 of each switch port is, read from the rows of one OVSDB server. Pure. */
import type { OpenVswitchRow, Uuid } from '@oflib/ovsdb';
import type { SwitchPort } from '@sluice/topology';

/** Queue of the migrations; 0 is the applications', 2 the control traffic's. */
export const MIGRATION_QUEUE = 1;
/** What whoever creates a port must have given it. */
export const PROVISIONED_QUEUES = [0, 2] as const;
/** Keys in external_ids of a row of ours. */
export const OWNER_KEY = 'sluice-owner';
export const EPOCH_KEY = 'sluice-epoch';
export const OWNER = 'sluice';

export interface QueueTables {
  readonly bridges: ReadonlyMap<Uuid, OpenVswitchRow<'Bridge', 'datapath_id' | 'ports'>>;
  readonly ports: ReadonlyMap<Uuid, OpenVswitchRow<'Port', 'name' | 'qos' | 'interfaces'>>;
  readonly interfaces: ReadonlyMap<Uuid, OpenVswitchRow<'Interface', 'ofport'>>;
  readonly qos: ReadonlyMap<Uuid, OpenVswitchRow<'QoS', 'queues'>>;
  readonly queues: ReadonlyMap<Uuid, OpenVswitchRow<'Queue', 'other_config' | 'external_ids'>>;
}

export type PortKey = string;
export const portKey = (port: SwitchPort): PortKey => `${port.dpid}:${port.portNo}`;

export interface LocatedPort {
  readonly name: string;
  /** null: nobody gave the port a QoS. */
  readonly qos: Uuid | null;
  readonly queues: ReadonlyMap<number, Uuid>;
  /** Queue 1, when there is one. */
  readonly migrationQueue: MigrationQueue | null;
}

export interface MigrationQueue {
  readonly uuid: Uuid;
  readonly isOurs: boolean;
  readonly epoch: string | null;
  readonly rateMin: string | null;
  readonly rateMax: string | null;
}

/** Every port of every bridge of the server that has an OpenFlow number. */
export function locatePorts(tables: QueueTables): ReadonlyMap<PortKey, LocatedPort> {
  const found = new Map<PortKey, LocatedPort>();
  for (const bridge of tables.bridges.values()) {
    if (bridge.datapath_id === null) continue;
    for (const portUuid of bridge.ports) {
      const port = tables.ports.get(portUuid);
      if (!port) continue;
      const located = locate(tables, port);
      for (const uuid of port.interfaces) {
        const ofport = tables.interfaces.get(uuid)?.ofport ?? null;
        if (ofport !== null && ofport > 0) found.set(`${bridge.datapath_id}:${ofport}`, located);
      }
    }
  }
  return found;
}

function locate(tables: QueueTables, port: OpenVswitchRow<'Port', 'name' | 'qos'>): LocatedPort {
  const queues =
    (port.qos === null ? undefined : tables.qos.get(port.qos)?.queues) ?? new Map<number, Uuid>();
  const uuid = queues.get(MIGRATION_QUEUE);
  const row = uuid === undefined ? undefined : tables.queues.get(uuid);
  const migrationQueue =
    uuid === undefined || !row
      ? null
      : {
          uuid,
          isOurs: row.external_ids.get(OWNER_KEY) === OWNER,
          epoch: row.external_ids.get(EPOCH_KEY) ?? null,
          rateMin: row.other_config.get('min-rate') ?? null,
          rateMax: row.other_config.get('max-rate') ?? null,
        };
  return { name: port.name, qos: port.qos, queues, migrationQueue };
}

/** What an earlier epoch left, and rows of ours that nobody refers to: QoS rows to free, Queue rows to delete. */
export function leftovers(
  tables: QueueTables,
  epoch: number,
): readonly {
  readonly queue: Uuid;
  readonly qos: readonly { readonly uuid: Uuid; readonly queueIds: number[] }[];
}[] {
  return [...tables.queues]
    .filter(([, row]) => row.external_ids.get(OWNER_KEY) === OWNER)
    .flatMap(([queue, row]) => {
      const qos = [...tables.qos].flatMap(([uuid, owner]) => {
        const queueIds = [...owner.queues].filter(([, value]) => value === queue).map(([id]) => id);
        return queueIds.length > 0 ? [{ uuid, queueIds }] : [];
      });
      const isStale = row.external_ids.get(EPOCH_KEY) !== String(epoch);
      return isStale || qos.length === 0 ? [{ queue, qos }] : [];
    });
}
