/** From what queue 1 of a port is, and should be, to the operations that make it so. Pure. */
import { named, type Operation, ovs, queueConfig, type Uuid } from '@oflib/ovsdb';
import { NetworkFailure } from '../interfaces.ts';
import {
  EPOCH_KEY,
  type LocatedPort,
  type leftovers,
  MIGRATION_QUEUE,
  OWNER,
  OWNER_KEY,
  PROVISIONED_QUEUES,
} from './ports.ts';

export interface WantedQueue {
  readonly port: LocatedPort;
  /** Whole bit/s of the reserved rates crossing the port; 0 = no queue 1. */
  readonly rateBitsPerSec: number;
}

export type QueueChange = 'none' | 'lower' | 'raise';

/** Which way it goes: everything that takes rate away is done before anything that gives some. */
export function changeOf({ port, rateBitsPerSec }: WantedQueue, epoch: number): QueueChange {
  const present = port.migrationQueue;
  if (!present) return rateBitsPerSec > 0 ? 'raise' : 'none';
  if (!present.isOurs) return rateBitsPerSec > 0 ? 'raise' : 'none';
  const rate = String(rateBitsPerSec);
  if (present.rateMin === rate && present.rateMax === rate && present.epoch === String(epoch)) return 'none';
  return rateBitsPerSec < Number(present.rateMax) ? 'lower' : 'raise';
}

/** @throws NetworkFailure qos_missing: the port has not been provisioned, or its queue 1 belongs to somebody else. */
export function queueOperations(wanted: WantedQueue, epoch: number): readonly Operation<unknown>[] {
  const { port, rateBitsPerSec } = wanted;
  const present = port.migrationQueue;
  if (changeOf(wanted, epoch) === 'none') return [];
  if (present && !present.isOurs)
    throw new NetworkFailure('qos_missing', `queue 1 of port ${port.name} belongs to somebody else`);
  const qos = port.qos;
  const missing = PROVISIONED_QUEUES.filter((id) => !port.queues.has(id));
  if (rateBitsPerSec > 0 && (qos === null || missing.length > 0))
    throw new NetworkFailure(
      'qos_missing',
      qos === null
        ? `port ${port.name} has no QoS; give it one of type linux-htb with queues 0 and 2`
        : `the QoS of port ${port.name} lacks queue ${missing.join(' and ')}`,
    );
  if (qos === null) return [];
  const unchanged = ovs.wait('QoS', [['_uuid', '==', qos]], {
    columns: ['queues'],
    is: '==',
    rows: [{ queues: port.queues }],
    timeoutMs: 0,
  });
  const row = {
    other_config: queueConfig({
      rateMinBitsPerSec: rateBitsPerSec || 1,
      rateMaxBitsPerSec: rateBitsPerSec || 1,
    }),
    external_ids: { [OWNER_KEY]: OWNER, [EPOCH_KEY]: String(epoch) },
  };
  if (!present) {
    // Unique within the transaction, because a port has one QoS and a QoS one queue 1.
    const uuidName = `queue_${qos.replaceAll('-', '_')}`;
    return [
      unchanged,
      ovs.insert('Queue', row, { uuidName }),
      ovs.mutate(
        'QoS',
        [['_uuid', '==', qos]],
        [['queues', 'insert', new Map([[MIGRATION_QUEUE, named(uuidName)]])]],
      ),
    ];
  }
  if (rateBitsPerSec > 0) return [unchanged, ovs.update('Queue', [['_uuid', '==', present.uuid]], row)];
  return [unchanged, ...removal({ queue: present.uuid, qos: [{ uuid: qos, queueIds: [MIGRATION_QUEUE] }] })];
}

export const leftoverOperations = (found: ReturnType<typeof leftovers>): readonly Operation<unknown>[] =>
  found.flatMap(removal);

/** The reference goes first: a row that is referred to cannot go. */
const removal = (found: {
  readonly queue: Uuid;
  readonly qos: readonly { readonly uuid: Uuid; readonly queueIds: readonly number[] }[];
}): readonly Operation<unknown>[] => [
  ...found.qos.map(({ uuid, queueIds }) =>
    ovs.mutate('QoS', [['_uuid', '==', uuid]], [['queues', 'delete', queueIds]]),
  ),
  ovs.delete('Queue', [['_uuid', '==', found.queue]]),
];
