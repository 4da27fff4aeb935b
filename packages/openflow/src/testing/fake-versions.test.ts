/** The fake switch in every version: one set of tables, seen by controllers of each. */
import { afterEach, describe, expect, it } from 'vitest';
import {
  type BatchError,
  type Controller,
  createController,
  type Message,
  OFPFC,
  OFPFF,
  of10,
  of11,
  of12,
  of13,
  of14,
  of15,
  type Switch,
  VERSIONS,
  type Version,
} from '../index.ts';
import { createFakeSwitch, type FakeSwitch, type FakeSwitchOptions } from './index.ts';
import { multipartRequests } from './multipart-requests.ts';
import { arrivalAt } from './real-switch.ts';

const SPACES = { '1.0': of10, '1.1': of11, '1.2': of12, '1.3': of13, '1.4': of14, '1.5': of15 };
const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

function fakeOf(options: Partial<FakeSwitchOptions> = {}): FakeSwitch {
  const ports = [1, 2].map((portNo) => ({ portNo, name: `p${portNo}`, queues: [0, 1] }));
  const fake = createFakeSwitch({ dpid: '00000000000000a1', ports, versions: VERSIONS, ...options });
  open.push(fake);
  return fake;
}

async function seenBy<V extends Version>(version: V, fake: FakeSwitch): Promise<Switch<V>> {
  const controller: Controller<V> = createController<V>({ port: 0, versions: [version] });
  open.push(controller);
  const arrived = arrivalAt(controller);
  await fake.connect(await controller.listen());
  return arrived;
}

const build = (version: Version, kind: string, fields: object): Message<Version> =>
  (SPACES[version] as unknown as Record<string, (init: object) => Message<Version>>)[kind]?.(
    fields,
  ) as Message<Version>;
const through = (version: Version, ...actions: readonly object[]): object =>
  version === '1.0' ? { actions } : { instructions: [{ type: 'apply_actions', actions }] };
const match = { in_port: 1, eth_type: 0x0800, ipv4_dst: '10.0.0.9' };
const flowsOf = async (sw: Switch<Version>) => {
  const kind = sw.version === '1.5' ? 'flowDescRequest' : 'flowStatsRequest';
  const reply = await sw.request(build(sw.version, kind, {}));
  return (reply as unknown as { readonly flows: readonly { readonly priority: number }[] }).flows;
};

describe.each(VERSIONS)('a fake switch of %s', (version) => {
  it('keeps a flow, tells of it and forwards by it', async () => {
    const fake = fakeOf();
    const sw = (await seenBy(version, fake)) as Switch<Version>;
    const carried = through(version, { type: 'output', port: 2, maxLen: 0 });
    const flow = { priority: 7, cookie: 77n, match, ...carried };
    await sw.sendBatch([build(version, 'flowMod', { command: OFPFC.ADD, ...flow })]);
    expect(await flowsOf(sw)).toMatchObject([flow]);
    const { outputs } = fake.forward({ in_port: 1, eth_type: 0x0800, ipv4_dst: '10.0.0.9' });
    expect(outputs.map(({ port }) => port)).toEqual([2]);
  });

  it('tells of a deleted flow', async () => {
    const sw = (await seenBy(version, fakeOf())) as Switch<Version>;
    const removed = new Promise((resolve) => sw.once('flow_removed', resolve));
    await sw.sendBatch([
      build(version, 'flowMod', { command: OFPFC.ADD, match, cookie: 5n, flags: OFPFF.SEND_FLOW_REM }),
      build(version, 'flowMod', { command: OFPFC.DELETE }),
    ]);
    expect(await removed).toMatchObject({ match, cookie: 5n, reason: 2 });
  });

  it('tells of its ports, of packets and of changes', async () => {
    const fake = fakeOf();
    const sw = (await seenBy(version, fake)) as Switch<Version>;
    const reply = await sw.request(build(version, 'portDescRequest', {}));
    expect((reply as unknown as { ports: object[] }).ports).toMatchObject([{ portNo: 1 }, { portNo: 2 }]);
    if (version < '1.3') expect((sw.features as unknown as { ports: object[] }).ports).toHaveLength(2);
    const packet = new Promise((resolve) => sw.once('packet_in', resolve));
    const data = new Uint8Array(60).fill(1);
    fake.packetIn({ inPort: 2, data });
    expect(await packet).toMatchObject({ data });
    const change = new Promise((resolve) => sw.once('port_status', resolve));
    fake.setPortUp(2, false);
    expect(await change).toMatchObject({ reason: 2, port: { portNo: 2, state: 1 } });
  });

  it('takes packets out, from a port or from the controller', async () => {
    const fake = fakeOf();
    const sw = (await seenBy(version, fake)) as Switch<Version>;
    const source = version === '1.5' ? { match: { in_port: 1 } } : { inPort: 1 };
    const fields = { ...source, actions: [{ type: 'output', port: 2, maxLen: 0 }], data: new Uint8Array(60) };
    await sw.sendBatch([build(version, 'packetOut', fields)]);
    expect(fake.packetOuts).toMatchObject([{ inPort: 1, actions: [{ type: 'output', port: 2 }] }]);
  });

  it('refuses with the numbers of its version', async () => {
    const sw = (await seenBy(version, fakeOf())) as Switch<Version>;
    const bad = build(version, 'flowMod', {
      command: OFPFC.ADD,
      priority: 5,
      match: { in_port: 1 },
      flags: OFPFF.CHECK_OVERLAP,
    });
    const first = build(version, 'flowMod', { command: OFPFC.ADD, priority: 5, match: { eth_type: 0x0800 } });
    const error: BatchError = (await sw
      .sendBatch([first, bad])
      .catch((reason: unknown) => reason as BatchError)) as BatchError;
    expect(error.errors.map(({ index, name }) => `${index} ${name}`)).toEqual(['1 OFPFMFC_OVERLAP']);
  });

  it('answers every multipart of the standard', async () => {
    const sw = (await seenBy(version, fakeOf())) as Switch<Version>;
    const silent: string[] = [];
    for (const request of multipartRequests(version)) {
      await sw.request(request).catch(() => silent.push(request.type));
    }
    const standard = silent.filter((type) => !/^(nx|onf|experimenter)_/.test(type));
    const unknown = ['flow_stats_request', 'controller_status_request', 'bundle_features_request'];
    const watched = version >= '1.4' ? ['flow_monitor_request'] : [];
    expect(standard).toEqual(expect.arrayContaining(version === '1.5' ? unknown : []));
    expect(standard.filter((type) => !unknown.includes(type))).toEqual(watched);
  });
});

it('controllers of two versions see the same tables', async () => {
  const fake = fakeOf();
  const old = (await seenBy('1.0', fake)) as Switch<Version>;
  const young = (await seenBy('1.5', fake)) as Switch<Version>;
  const enqueue = { type: 'enqueue', port: 2, queueId: 1 };
  await old.sendBatch([of10.flowMod({ command: OFPFC.ADD, match, actions: [enqueue] as never })]);
  const inNew = [
    { type: 'set_queue', queueId: 1 },
    { type: 'output', port: 2 },
  ];
  expect(await flowsOf(young)).toMatchObject([{ instructions: [{ actions: inNew }] }]);
  expect(await flowsOf(old)).toMatchObject([{ actions: [enqueue] }]);
});

it.each(['1.4', '1.5'] as const)('a bundle of %s is committed, or refused whole', async (version) => {
  const fake = fakeOf();
  const sw = (await seenBy(version, fake)) as Switch<Version>;
  const add = (priority: number, more = {}) =>
    build(version, 'flowMod', { command: OFPFC.ADD, priority, ...more });
  await sw.bundle([add(1), add(2)]);
  expect(fake.flows.map(({ priority }) => priority)).toEqual([2, 1]);
  const bad = add(3, { instructions: [{ type: 'goto_table', tableId: 0 }] });
  const error = (await sw.bundle([add(4), bad]).catch((reason: unknown) => reason)) as BatchError;
  expect(error.errors).toMatchObject([{ index: 1, name: 'OFPBIC_BAD_TABLE_ID' }]);
  expect(fake.flows).toHaveLength(2);
});

it('a full table refuses, or gives up its least important entry', async () => {
  const fake = fakeOf({ entriesMax: 2 });
  const sw = await seenBy('1.4', fake);
  const add = (priority: number, importance: number) =>
    of14.flowMod({ command: OFPFC.ADD, priority, importance, match: { in_port: 1 } });
  await sw.sendBatch([add(1, 1), add(2, 2)]);
  const full = (await sw.sendBatch([add(3, 3)]).catch((reason: unknown) => reason)) as BatchError;
  expect(full.errors.map(({ name }) => name)).toEqual(['OFPFMFC_TABLE_FULL']);
  await sw.sendBatch([of14.tableMod({ tableId: 0, config: 4 }), add(3, 3)]);
  expect(fake.flows.map(({ priority }) => priority)).toEqual([3, 2]);
});
