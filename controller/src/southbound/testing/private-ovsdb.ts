/**
 * An ovsdb-server of the test's own with Open vSwitch's schema and no ovs-vswitchd: a second connection plays its
 * part by setting `cur_cfg` to the `next_cfg` it sees.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectOpenVswitch, named, type OPEN_VSWITCH, type OvsdbClient, ovs, type Uuid } from '@oflib/ovsdb';
import { eventually } from './eventually.ts';

const SCHEMA = '/usr/share/openvswitch/vswitch.ovsschema';

export const whyNoOvsdb = (): string | null => {
  if (spawnSync('ovsdb-server', ['--version']).status !== 0) return 'ovsdb-server is not installed';
  return existsSync(SCHEMA) ? null : `${SCHEMA} is missing`;
};

export interface PrivateOvsdb {
  readonly endpoint: string;
  /** The test's own connection. */
  readonly client: OvsdbClient<typeof OPEN_VSWITCH>;
  addBridge(dpid: string, ports: readonly TestPort[]): Promise<void>;
  /** rate of queue 1 by port name, as the rows say; ports without a queue 1 are left out. */
  migrationQueues(): Promise<Readonly<Record<string, string>>>;
  queueRows(): Promise<number>;
  /** When false, changes are committed but never in force. */
  setInForce(on: boolean): void;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface TestPort {
  readonly name: string;
  readonly portNo: number;
  /** Queues that its provisioning has made; [] = no QoS. */
  readonly queues?: readonly number[];
}

export async function startPrivateOvsdb(): Promise<PrivateOvsdb> {
  const dir = await mkdtemp(join(tmpdir(), 'southbound-ovsdb-'));
  const socket = join(dir, 'db.sock');
  const file = join(dir, 'conf.db');
  let child: ChildProcess | null = null;
  let inForce = true;
  const endpoint = `unix:${socket}`;
  if (spawnSync('ovsdb-tool', ['create', file, SCHEMA]).status !== 0) throw new Error('ovsdb-tool failed');
  const begin = async () => {
    const own = [
      `--remote=punix:${socket}`,
      `--unixctl=${join(dir, 'ctl')}`,
      '-vconsole:off',
      '-vsyslog:off',
    ];
    child = spawn('ovsdb-server', [file, ...own], { stdio: 'ignore' });
    await eventually(() => {
      if (!existsSync(socket)) throw new Error('ovsdb-server does not listen');
    });
  };
  const end = async () => {
    const running = child;
    child = null;
    if (!running) return;
    const exited = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGTERM');
    await exited;
    await rm(socket, { force: true });
  };
  const numbers: { readonly bridge: string; readonly dpid: string; readonly ports: readonly TestPort[] }[] =
    [];
  await begin();
  // The socket is there a moment before anybody listens on it.
  const { client } = await eventually(() => connectOpenVswitch({ endpoint }));
  await client.transact([ovs.insert('Open_vSwitch', {})]);
  const view = await client.monitor({ Open_vSwitch: ['next_cfg', 'cur_cfg'] });
  const carryOut = () => {
    for (const row of view.table('Open_vSwitch').values())
      if (inForce && row.cur_cfg < row.next_cfg)
        client.transact([ovs.update('Open_vSwitch', [], { cur_cfg: row.next_cfg })]).catch(() => {});
  };
  view.subscribe(carryOut);

  return {
    endpoint,
    client,
    addBridge: async (dpid, ports) => {
      const queues = ports.flatMap((port) =>
        (port.queues ?? [0, 2]).map((id) => ovs.insert('Queue', {}, { uuidName: `q_${port.name}_${id}` })),
      );
      const rows = ports.flatMap((port) => {
        const ids = port.queues ?? [0, 2];
        const qos = ids.length > 0 ? named(`qos_${port.name}`) : null;
        const references = new Map(ids.map((id) => [id, named(`q_${port.name}_${id}`)] as const));
        return [
          ...(qos
            ? [ovs.insert('QoS', { type: 'linux-htb', queues: references }, { uuidName: qos.uuidName })]
            : []),
          ovs.insert('Interface', { name: port.name, ofport: port.portNo }, { uuidName: `i_${port.name}` }),
          ovs.insert(
            'Port',
            { name: port.name, qos, interfaces: [named(`i_${port.name}`)] },
            { uuidName: `p_${port.name}` },
          ),
        ];
      });
      const bridge = {
        name: `b${dpid}`,
        datapath_id: dpid,
        ports: ports.map((port) => named(`p_${port.name}`)),
      };
      await client.transact([
        ...queues,
        ...rows,
        ovs.insert('Bridge', bridge, { uuidName: 'bridge' }),
        ovs.mutate('Open_vSwitch', [], [['bridges', 'insert', [named('bridge')]]]),
      ]);
      numbers.push({ bridge: bridge.name, dpid, ports });
    },
    migrationQueues: async () => {
      const [ports, qos, queues] = await client.transact([
        ovs.select('Port', [], ['name', 'qos']),
        ovs.select('QoS', [], ['queues']),
        ovs.select('Queue', [], ['other_config']),
      ]);
      const rateOf = (queue: Uuid | undefined) =>
        queues.find((row) => row._uuid === queue)?.other_config.get('max-rate');
      const found: Record<string, string> = {};
      for (const port of ports) {
        const queue = qos.find((row) => row._uuid === port.qos)?.queues.get(1);
        const rate = rateOf(queue);
        if (queue !== undefined) found[port.name] = rate ?? 'no rate';
      }
      return found;
    },
    queueRows: async () => (await client.transact([ovs.select('Queue', [], ['other_config'])]))[0].length,
    setInForce: (on) => {
      inForce = on;
      carryOut();
    },
    restart: async () => {
      await end();
      await begin();
      await client.connected();
      // datapath_id and ofport live in memory only; ovs-vswitchd writes them again when it reconnects.
      await client.transact(
        numbers.flatMap(({ bridge, dpid, ports }) => [
          ovs.update('Bridge', [['name', '==', bridge]], { datapath_id: dpid }),
          ...ports.map((port) =>
            ovs.update('Interface', [['name', '==', port.name]], { ofport: port.portNo }),
          ),
        ]),
      );
    },
    stop: async () => {
      client.close();
      await end();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
