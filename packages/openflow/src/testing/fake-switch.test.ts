import { afterEach, describe, expect, it } from 'vitest';
import {
  action,
  BatchError,
  band,
  bucket,
  type Controller,
  createController,
  flowMod,
  flowStatsRequest,
  groupMod,
  instruction,
  meterMod,
  OFPET,
  OFPFC,
  OFPFF,
  OFPFMFC,
  OFPGC,
  OFPGT,
  OFPMC,
  OFPMF,
  OFPP,
  portStatsRequest,
  queueStatsRequest,
  type Switch,
} from '../index.ts';
import { createFakeSwitch, type FakeSwitch } from './index.ts';

let controller: Controller;
let fake: FakeSwitch;

async function connected(): Promise<Switch> {
  controller = createController({ port: 0 });
  const address = await controller.listen();
  const arrived = new Promise<Switch>((resolve) => controller.once('switch', resolve));
  fake = createFakeSwitch({
    dpid: '00000000000000a1',
    ports: [
      { portNo: 1, name: 's1-eth1', queues: [0, 1, 2] },
      { portNo: 2, name: 's1-eth2', queues: [0, 1, 2] },
      { portNo: 3, name: 's1-eth3' },
    ],
  });
  await fake.connect(address);
  return arrived;
}

afterEach(async () => {
  await fake.close();
  await controller.close();
});

const ip = { eth_type: 0x0800 } as const;
const meter = (meterId: number) =>
  meterMod({ command: OFPMC.ADD, flags: OFPMF.KBPS, meterId, bands: [band.drop({ rate: 1000 })] });

async function refusals(sent: Promise<void>): Promise<readonly string[]> {
  const error = await sent.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof BatchError)) throw new Error('the batch was not refused');
  return error.errors.map(({ index, name }) => `${index} ${name}`);
}

describe('a fake switch', () => {
  it('says where a packet leaves, through which meter and queue', async () => {
    const sw = await connected();
    await sw.sendBatch([
      meter(7),
      flowMod({
        command: OFPFC.ADD,
        priority: 100,
        match: { ...ip, ipv4_dst: { value: '10.0.0.0', mask: '255.255.255.0' } },
        instructions: [
          instruction.meter(7),
          instruction.applyActions([action.setField('ip_dscp', 43), action.setQueue(1)]),
          instruction.gotoTable(1),
        ],
      }),
      flowMod({
        command: OFPFC.ADD,
        tableId: 1,
        match: { ...ip, ip_dscp: 43 },
        instructions: [instruction.applyActions([action.output({ port: 2 })])],
      }),
    ]);
    const { outputs, packetIn } = fake.forward({ in_port: 1, ...ip, ipv4_dst: '10.0.0.9', ip_dscp: 0 });
    expect(packetIn).toBe(false);
    expect(
      outputs.map(({ port, queueId, meters, fields }) => ({ port, queueId, meters, dscp: fields.ip_dscp })),
    ).toEqual([{ port: 2, queueId: 1, meters: [7], dscp: 43 }]);
    expect(fake.forward({ in_port: 1, ...ip, ipv4_dst: '10.0.1.9', ip_dscp: 0 }).outputs).toEqual([]);
  });

  it('refuses a flow whose meter is missing, and applies the rest of the batch', async () => {
    const sw = await connected();
    const bad = flowMod({ command: OFPFC.ADD, instructions: [instruction.meter(9)] });
    expect(await refusals(sw.sendBatch([meter(1), bad, meter(2)]))).toEqual(['1 OFPMMFC_INVALID_METER']);
    expect([...fake.meters.keys()]).toEqual([1, 2]);
  });

  it('deletes the flows of a meter that is deleted', async () => {
    const sw = await connected();
    await sw.sendBatch([
      meter(7),
      flowMod({ command: OFPFC.ADD, instructions: [instruction.meter(7)] }),
      meterMod({ command: OFPMC.DELETE, meterId: 7 }),
    ]);
    expect(fake.flows).toEqual([]);
  });

  it('answers meter mods as Open vSwitch does', async () => {
    const sw = await connected();
    const modify = meterMod({
      command: OFPMC.MODIFY,
      flags: OFPMF.KBPS,
      meterId: 3,
      bands: [band.drop({ rate: 1 })],
    });
    expect(await refusals(sw.sendBatch([meter(1), meter(1), modify, meter(0)]))).toEqual([
      '1 OFPMMFC_METER_EXISTS',
      '2 OFPMMFC_UNKNOWN_METER',
      '3 OFPMMFC_INVALID_METER',
    ]);
  });

  it('deletes by cookie and mask, non-strictly', async () => {
    const sw = await connected();
    const add = (cookie: bigint, in_port: number) =>
      flowMod({ command: OFPFC.ADD, cookie, match: { in_port } });
    await sw.sendBatch([add(0xaa01n, 1), add(0xaa02n, 2), add(0xbb03n, 3)]);
    await sw.sendBatch([
      flowMod({ command: OFPFC.DELETE, tableId: 0xff, cookie: 0xaa00n, cookieMask: 0xff00n }),
    ]);
    expect(fake.flows.map(({ cookie }) => cookie)).toEqual([0xbb03n]);
  });

  it('keeps strict and non-strict commands apart', async () => {
    const sw = await connected();
    const wide = { ...ip } as const;
    const narrow = { ...ip, ipv4_dst: '10.0.0.1' } as const;
    await sw.sendBatch([
      flowMod({ command: OFPFC.ADD, priority: 1, match: wide }),
      flowMod({ command: OFPFC.ADD, priority: 2, match: narrow }),
      flowMod({ command: OFPFC.DELETE_STRICT, priority: 2, match: wide }),
    ]);
    expect(fake.flows.length).toBe(2);
    const drop = [instruction.applyActions([action.output({ port: 2 })])];
    await sw.sendBatch([flowMod({ command: OFPFC.MODIFY, match: wide, instructions: drop })]);
    expect(fake.flows.map(({ instructions }) => instructions)).toEqual([drop, drop]);
    await sw.sendBatch([flowMod({ command: OFPFC.DELETE_STRICT, priority: 2, match: narrow })]);
    expect(fake.flows.map(({ priority }) => priority)).toEqual([1]);
  });

  it('refuses an overlap only when asked to look', async () => {
    const sw = await connected();
    const a = flowMod({ command: OFPFC.ADD, match: { in_port: 1 } });
    const b = flowMod({ command: OFPFC.ADD, match: { ...ip }, flags: OFPFF.CHECK_OVERLAP });
    expect(await refusals(sw.sendBatch([a, b]))).toEqual(['1 OFPFMFC_OVERLAP']);
    await sw.sendBatch([{ ...b, flags: 0 }]);
    expect(fake.flows.length).toBe(2);
  });

  it('sends every bucket of a group of type all its own copy', async () => {
    const sw = await connected();
    await sw.sendBatch([
      groupMod({
        command: OFPGC.ADD,
        groupId: 5,
        groupType: OFPGT.ALL,
        buckets: [
          bucket({ actions: [action.setQueue(1), action.output({ port: 2 })] }),
          bucket({ actions: [action.output({ port: 3 })] }),
        ],
      }),
      flowMod({ command: OFPFC.ADD, instructions: [instruction.writeActions([action.group(5)])] }),
    ]);
    const { outputs } = fake.forward({ in_port: 1, eth_type: 0x0806 });
    expect(outputs.map(({ port, queueId }) => [port, queueId])).toEqual([
      [2, 1],
      [3, undefined],
    ]);
  });

  it('reports counters that a test sets', async () => {
    const sw = await connected();
    fake.setPortCounters(2, { txBytes: 12_345n });
    fake.setQueueCounters(2, 1, { txBytes: 99n });
    const ports = await sw.request(portStatsRequest({ portNo: 2 }));
    expect(ports.ports.map(({ portNo, txBytes }) => ({ portNo, txBytes }))).toEqual([
      { portNo: 2, txBytes: 12_345n },
    ]);
    const queues = await sw.request(queueStatsRequest({ queueId: 1 }));
    expect(queues.queues.map(({ portNo, txBytes }) => ({ portNo, txBytes }))).toEqual([
      { portNo: 1, txBytes: 0n },
      { portNo: 2, txBytes: 99n },
    ]);
  });

  it('cuts a long reply into fragments, which arrive as one', async () => {
    const sw = await connected();
    const mods = Array.from({ length: 3000 }, (_, priority) =>
      flowMod({
        command: OFPFC.ADD,
        priority,
        match: { ...ip },
        instructions: [instruction.applyActions([action.output({ port: OFPP.CONTROLLER })])],
      }),
    );
    await sw.sendBatch(mods);
    const reply = await sw.request(flowStatsRequest());
    expect(new Set(reply.flows.map(({ priority }) => priority)).size).toBe(3000);
  });

  it('tells the controller about ports and packets', async () => {
    const sw = await connected();
    const heard: unknown[] = [];
    const done = new Promise<void>((resolve) => {
      sw.on('port_status', ({ port }) => heard.push([port.portNo, port.state]));
      sw.on('packet_in', ({ match, data }) => {
        heard.push([match.in_port, [...data]]);
        resolve();
      });
    });
    fake.setPortUp(2, false);
    fake.packetIn({ inPort: 1, data: new Uint8Array([1, 2, 3]) });
    await done;
    expect(heard).toEqual([
      [2, 1],
      [1, [1, 2, 3]],
    ]);
    expect(fake.forward({ in_port: 1 }).outputs).toEqual([]);
  });

  it('fails or ignores the next message of a type when a test asks for it', async () => {
    const sw = await connected();
    fake.failNext('flow_mod', OFPET.FLOW_MOD_FAILED, OFPFMFC.TABLE_FULL);
    const mods = [flowMod({ command: OFPFC.ADD, priority: 1 }), flowMod({ command: OFPFC.ADD, priority: 2 })];
    expect(await refusals(sw.sendBatch(mods))).toEqual(['0 OFPFMFC_TABLE_FULL']);
    fake.ignoreNext('barrier_request');
    await expect(sw.barrier({ timeoutMs: 20 })).rejects.toMatchObject({ detail: { code: 'timed_out' } });
    await sw.barrier();
  });

  it('removes an entry when its hard timeout is over', async () => {
    const sw = await connected();
    const removed = new Promise((resolve) => sw.once('flow_removed', ({ reason }) => resolve(reason)));
    await sw.sendBatch([flowMod({ command: OFPFC.ADD, hardTimeout: 1, flags: OFPFF.SEND_FLOW_REM })]);
    expect(await removed).toBe(1);
  });
});
