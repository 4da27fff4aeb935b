/** Where packets go in the fake switch: groups, registers, resubmit; and who hears of what. */
import { afterEach, describe, expect, it } from 'vitest';
import {
  type Action,
  action,
  bucket,
  type Controller,
  createController,
  flowMod,
  getAsyncRequest,
  groupMod,
  type Instruction,
  instruction,
  type Match,
  type Message,
  OFPFC,
  OFPFF,
  OFPGC,
  OFPGT,
  OFPP,
  type Switch,
  setAsync,
} from '../index.ts';
import { manual } from '../session/harness.ts';
import { createFakeSwitch, type FakeSwitch, type FakeSwitchOptions } from './index.ts';
import { arrivalAt } from './real-switch.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function joined(fake: FakeSwitch): Promise<{ sw: Switch; address: { host: string; port: number } }> {
  const controller: Controller = createController({ port: 0 });
  open.push(controller);
  const arrived = arrivalAt(controller);
  const address = await controller.listen();
  await fake.connect(address);
  return { sw: await arrived, address };
}

function fakeOf(options: Partial<FakeSwitchOptions> = {}): FakeSwitch {
  const ports = [1, 2, 3].map((portNo) => ({ portNo, name: `p${portNo}` }));
  const fake = createFakeSwitch({ dpid: '00000000000000a1', ports, ...options });
  open.push(fake);
  return fake;
}

const add = (match: Match, instructions: readonly Instruction[], more = {}): Message =>
  flowMod({ command: OFPFC.ADD, match, instructions, ...more });
const apply = (...actions: Action[]): Instruction => instruction.applyActions(actions);
const out = (port: number): Action => action.output({ port });
const group = (groupId: number, groupType: number, ...buckets: Parameters<typeof bucket>[0][]): Message =>
  groupMod({ command: OFPGC.ADD, groupId, groupType, buckets: buckets.map((one) => bucket(one)) });
const to2 = (fake: FakeSwitch, packet = {}) =>
  fake.forward({ in_port: 1, ...packet }).outputs.map(({ port }) => port);

describe('a packet in a fake switch', () => {
  it('goes through groups of groups, each bucket with its own copy', async () => {
    const fake = fakeOf();
    const { sw } = await joined(fake);
    await sw.sendBatch([
      group(1, OFPGT.INDIRECT, { actions: [out(3)] }),
      group(
        2,
        OFPGT.ALL,
        { actions: [action.setField('ip_dscp', 1), out(2)] },
        { actions: [action.group(1)] },
      ),
      add({ eth_type: 0x0800 }, [apply(action.group(2))]),
    ]);
    const { outputs } = fake.forward({ in_port: 1, eth_type: 0x0800, ip_dscp: 0 });
    expect(outputs.map(({ port, fields }) => [port, fields.ip_dscp])).toEqual([
      [2, 1],
      [3, 0],
    ]);
    expect([...fake.groups.values()].map(({ packetCount }) => packetCount)).toEqual([1n, 1n]);
  });

  it('does not go round for ever in groups that name each other', async () => {
    const fake = fakeOf();
    const { sw } = await joined(fake);
    const twice = { actions: [action.group(1)] };
    await sw.sendBatch([group(1, OFPGT.ALL, twice, twice), add({}, [apply(action.group(1), out(2))])]);
    expect(to2(fake)).toEqual([2]);
  });

  it('takes the first bucket of a failover group whose port is up', async () => {
    const fake = fakeOf();
    const { sw } = await joined(fake);
    const buckets = [2, 3].map((port) => ({ watchPort: port, actions: [out(port)] }));
    await sw.sendBatch([group(1, OFPGT.FF, ...buckets), add({}, [apply(action.group(1))])]);
    expect(to2(fake)).toEqual([2]);
    fake.setPortUp(2, false);
    expect(to2(fake)).toEqual([3]);
  });

  it('carries metadata and registers from table to table', async () => {
    const fake = fakeOf();
    const { sw } = await joined(fake);
    const load: Action = { type: 'nx_reg_load', dst: 'reg0', range: { offset: 4, bits: 8 }, value: 0x2n };
    const move: Action = {
      type: 'nx_reg_move',
      src: 'reg0',
      srcOffset: 4,
      dst: 'reg1',
      dstOffset: 0,
      bits: 8,
    };
    const toReg: Action = { type: 'nx_output_reg', src: 'reg1', range: { offset: 0, bits: 16 }, maxLen: 0 };
    await sw.sendBatch([
      add({}, [instruction.writeMetadata({ metadata: 5n }), apply(load, move), instruction.gotoTable(1)]),
      add({ metadata: 5n, reg0: 0x20, reg1: 2 }, [apply(toReg)], { tableId: 1 }),
    ]);
    expect(to2(fake)).toEqual([2]);
  });

  it('comes back from a resubmit and goes on', async () => {
    const fake = fakeOf();
    const { sw } = await joined(fake);
    const elsewhere: Action = { type: 'nx_resubmit_table', inPort: 3, tableId: 7 };
    await sw.sendBatch([
      add({ in_port: 1 }, [apply(elsewhere, out(3))]),
      add({ in_port: 3 }, [apply(out(2))], { tableId: 7 }),
    ]);
    expect(to2(fake)).toEqual([2, 3]);
    expect(fake.flows.map(({ packetCount }) => packetCount)).toEqual([1n, 1n]);
  });

  it('executes the action set at the end, without an output when there is a group', async () => {
    const fake = fakeOf();
    const { sw } = await joined(fake);
    await sw.sendBatch([
      group(1, OFPGT.INDIRECT, { actions: [out(3)] }),
      add({}, [instruction.writeActions([out(2), action.group(1)]), instruction.gotoTable(1)]),
      add({}, [apply(out(OFPP.CONTROLLER))], { tableId: 1 }),
    ]);
    const { outputs, packetIn } = fake.forward({ in_port: 1 });
    expect(outputs.map(({ port }) => port)).toEqual([3]);
    expect(packetIn).toBe(true);
  });
});

describe('a controller of a fake switch', () => {
  it('hears only what it asked for', async () => {
    const fake = fakeOf();
    const { sw } = await joined(fake);
    const heard: string[] = [];
    sw.on('message', ({ type }) => heard.push(type));
    const nothing = { packetInMaskSlave: 0, portStatusMaskSlave: 0, flowRemovedMaskSlave: 0 };
    const masks = { packetInMask: 0, portStatusMask: 0, flowRemovedMask: 0b0100, ...nothing };
    await sw.sendBatch([setAsync(masks), add({}, [], { flags: OFPFF.SEND_FLOW_REM })]);
    expect(await sw.request(getAsyncRequest())).toMatchObject(masks);
    fake.packetIn({ inPort: 1, data: new Uint8Array(60) });
    fake.setPortUp(2, false);
    await sw.sendBatch([flowMod({ command: OFPFC.DELETE })]);
    expect(heard).toEqual(['flow_removed']);
  });

  it('hears nothing but ports as a slave, and may change nothing', async () => {
    const fake = fakeOf();
    const { sw } = await joined(fake);
    await sw.setRole('slave', 1n);
    const heard: string[] = [];
    sw.on('message', ({ type }) => heard.push(type));
    fake.packetIn({ inPort: 1, data: new Uint8Array(60) });
    fake.setPortUp(2, false);
    await expect(sw.bundle([add({}, [])])).rejects.toThrow('OFPBRC_IS_SLAVE');
    expect(heard).toEqual(['port_status']);
  });

  it('may have an auxiliary connection to the same tables', async () => {
    const fake = fakeOf();
    const { sw, address } = await joined(fake);
    const came = new Promise<number>((resolve) => sw.once('auxiliary', resolve));
    await fake.connect({ ...address, auxiliaryId: 2 });
    expect(await came).toBe(2);
    sw.sendVia(2, add({ in_port: 1 }, []));
    await expect.poll(() => fake.flows.length).toBe(1);
  });
});

it('entries leave by the clock that was given, and say why', async () => {
  const clock = manual();
  const fake = fakeOf({ timers: clock.timers });
  const { sw } = await joined(fake);
  const reasons: number[] = [];
  sw.on('flow_removed', ({ reason }) => reasons.push(reason));
  await sw.sendBatch([
    add({ in_port: 1 }, [], { hardTimeout: 2, flags: OFPFF.SEND_FLOW_REM }),
    add({ in_port: 2 }, [], { idleTimeout: 1, flags: OFPFF.SEND_FLOW_REM }),
  ]);
  clock.advance(1_500);
  expect(fake.flows).toHaveLength(1);
  clock.advance(1_500);
  expect(fake.flows).toHaveLength(0);
  await expect.poll(() => reasons).toEqual([0, 1]);
});
