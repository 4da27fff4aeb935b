/**
 * Everything that a migration may change in switches, database and kernel, as plain data without counters and without
 * row ids, so that two snapshots are equal exactly when nothing was left behind.
 */
import { z } from 'zod';
import { run } from './command.ts';
import type { Network } from './mininet-network.ts';
import type { PrivateSwitchd } from './private-switchd.ts';

export interface SwitchSnapshot {
  /** Per switch, sorted lines as `ovs-ofctl` prints them. */
  readonly switches: Readonly<
    Record<string, { readonly flows: Lines; readonly meters: Lines; readonly groups: Lines }>
  >;
  /** Per device: the QoS its port refers to, with its queues. */
  readonly qos: Readonly<Record<string, QosSnapshot | null>>;
  /** Rows in the database, also those nobody refers to. */
  readonly rowCounts: { readonly qos: number; readonly queues: number };
  /** Per device: what the kernel has. */
  readonly kernel: Readonly<Record<string, { readonly classes: Lines; readonly filters: Lines }>>;
}

type Lines = readonly string[];
type Columns = Readonly<Record<string, string>>;

export interface QosSnapshot {
  readonly type: string;
  readonly otherConfig: Columns;
  readonly externalIds: Columns;
  readonly queues: Readonly<Record<string, { readonly otherConfig: Columns; readonly externalIds: Columns }>>;
}

export async function snapshotSwitches(
  lab: { readonly switchd: PrivateSwitchd },
  network: Network,
): Promise<SwitchSnapshot> {
  const { switchd } = lab;
  const [ports, qosRows, queueRows] = [
    await rowsOf(switchd, 'Port', 'name,qos'),
    await rowsOf(switchd, 'QoS', '_uuid,type,other_config,external_ids,queues'),
    await rowsOf(switchd, 'Queue', '_uuid,other_config,external_ids'),
  ];
  const switches: Record<string, { flows: Lines; meters: Lines; groups: Lines }> = {};
  for (const [name, bridge] of network.bridges)
    switches[name] = {
      flows: linesOf(await switchd.ofctl(['--no-stats', 'dump-flows', bridge])),
      meters: linesOf(await switchd.ofctl(['dump-meters', bridge])),
      groups: linesOf(await switchd.ofctl(['dump-groups', bridge])),
    };
  const qos: Record<string, QosSnapshot | null> = {};
  const kernel: Record<string, { classes: Lines; filters: Lines }> = {};
  for (const { device, namespace } of network.ports) {
    qos[device] = qosOf(device, ports, qosRows, queueRows);
    kernel[device] = {
      classes: linesOf(await run('tc', ['-n', namespace, 'class', 'show', 'dev', device])),
      filters: linesOf(await run('tc', ['-n', namespace, 'filter', 'show', 'dev', device])),
    };
  }
  return { switches, qos, rowCounts: { qos: qosRows.length, queues: queueRows.length }, kernel };
}

/** Replies of `ovs-ofctl` begin with a line that holds a transaction id. */
const linesOf = (text: string): Lines =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(OFPST|OFPT|NXST)_/.test(line))
    .sort();

type Row = Readonly<Record<string, unknown>>;
const tableSchema = z.object({ headings: z.array(z.string()), data: z.array(z.array(z.unknown())) });

async function rowsOf(switchd: PrivateSwitchd, table: string, columns: string): Promise<readonly Row[]> {
  const text = await switchd.vsctl(['--format=json', `--columns=${columns}`, 'list', table]);
  if (text.trim() === '') return [];
  const { headings, data } = tableSchema.parse(JSON.parse(text));
  return data.map((values) => Object.fromEntries(headings.map((heading, index) => [heading, values[index]])));
}

function qosOf(
  device: string,
  ports: readonly Row[],
  qosRows: readonly Row[],
  queueRows: readonly Row[],
): QosSnapshot | null {
  const id = uuidOf(ports.find((row) => row.name === device)?.qos);
  const row = qosRows.find((one) => uuidOf(one._uuid) === id);
  if (id === null || row === undefined) return null;
  const queues = mapOf(row.queues).map(([number, queueId]) => {
    const queue = queueRows.find((one) => uuidOf(one._uuid) === uuidOf(queueId)) ?? {};
    return [
      String(number),
      { otherConfig: columnsOf(queue.other_config), externalIds: columnsOf(queue.external_ids) },
    ];
  });
  return {
    type: String(row.type),
    otherConfig: columnsOf(row.other_config),
    externalIds: columnsOf(row.external_ids),
    queues: Object.fromEntries(queues),
  };
}

/** OVSDB's notation: ["uuid", id], ["map", [[key, value], ...]], an absent value is ["set", []]. */
const uuidOf = (value: unknown): string | null =>
  Array.isArray(value) && value[0] === 'uuid' ? String(value[1]) : null;
const mapOf = (value: unknown): readonly (readonly [unknown, unknown])[] =>
  Array.isArray(value) && value[0] === 'map' ? value[1] : [];
const columnsOf = (value: unknown): Columns =>
  Object.fromEntries(mapOf(value).map(([key, one]) => [String(key), String(one)]));
