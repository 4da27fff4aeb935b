/** What peers and programs do wrong, by accident or on purpose, and what it may cost: themselves only. */
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import {
  barrierReply,
  type DeviceOptions,
  descReply,
  descRequest,
  echoRequest,
  encodeMessage,
  errorMessage,
  featuresReply,
  flowMod,
  flowStatsReply,
  flowStatsRequest,
  hello,
  OFPFC,
  packetIn,
  packetOut,
  tableStatsReply,
  tableStatsRequest,
} from '../index.ts';
import { Framer } from './framer.ts';
import * as harness from './harness.ts';
import { REQUESTS_MAX } from './pending.ts';
import { Stream } from './stream.ts';
import { PARTS_WAITING_MAX } from './switch.ts';

const keep = harness.openedInTest();
const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const SILENT = { handler: { answer: () => [] } };

async function withDevice(options: Partial<DeviceOptions> = SILENT) {
  const { controller, address } = await harness.listening(keep);
  const arrived = harness.arrivalAt(controller);
  const device = harness.deviceOf(keep, options);
  await device.connect(address);
  return { device, sw: await arrived };
}

/** A switch of bytes, connected; `auxiliaryId` makes it an auxiliary connection. */
async function shaken(address: { host: string; port: number }, auxiliaryId = 0) {
  const peer = await harness.rawPeer(keep, address);
  const xid = await harness.shakenHands(peer);
  peer.say(featuresReply({ datapathId: harness.DPID, auxiliaryId }), xid);
  return peer;
}

async function withPeer() {
  const { controller, address } = await harness.listening(keep);
  const arrived = harness.arrivalAt(controller);
  const peer = await shaken(address);
  const sw = await arrived;
  const asked = async (type: string) => {
    const find = () => peer.messages().find(({ message }) => message.type === type);
    await harness.until(() => find() !== undefined);
    return find()?.xid ?? 0;
  };
  return { controller, address, peer, sw, asked };
}

describe('a hello', () => {
  it.each([
    ['of 1.0 with text behind', '0100000d 00000001 68656c6c6f', 1],
    ['with three odd bytes', '0400000b 00000001 010203', 4],
    ['with an element of length 0', '0400000c 00000001 00010000', 4],
    ['with an element that is cut off', '0400000c 00000001 00010008', 4],
    ['with a bitmap of no version', '0400000c 00000001 00010004', 4],
    ['with a bitmap of two words', '04000014 00000001 0001000c 00000010 00000001', 4],
    ['with an element of the future', '04000018 00000001 00070004 00000000 00010008 00000010', 4],
    ['of a version of the future', '09000008 00000001', 4],
  ])('%s is taken by its header', async (_name, bytes, wire) => {
    const { address } = await harness.listening(keep, { versions: ['1.0', '1.3'] });
    const peer = await harness.rawPeer(keep, address);
    peer.socket.write(hex(bytes));
    await harness.until(() => peer.messages().length === 2);
    expect(peer.messages()[1]).toMatchObject({ version: wire, message: { type: 'features_request' } });
  });
});

it('a switch that says hundreds of things with its features gets in, and they are heard', async () => {
  const { controller, address } = await harness.listening(keep);
  const counts = { heard: 0 };
  controller.on('switch', (sw) => sw.on('packet_in', () => (counts.heard += 1)));
  const peer = await harness.rawPeer(keep, address);
  const xid = await harness.shakenHands(peer);
  const packet = encodeMessage(packetIn({ totalLen: 1, data: hex('00') }), 0);
  const features = encodeMessage(featuresReply({ datapathId: harness.DPID }), xid);
  peer.socket.write(Buffer.concat([features, ...new Array<Uint8Array>(1_000).fill(packet)]));
  await harness.until(() => counts.heard === 1_000);
});

it('a message of one byte a chunk is put together without copying it over and over', () => {
  const framer = new Framer();
  const message = encodeMessage(echoRequest({ data: new Uint8Array(60_000) }), 7);
  const buffers = new Set<ArrayBufferLike>();
  let whole: Uint8Array | undefined;
  const waiting = () => (framer as unknown as { waiting: Uint8Array }).waiting.buffer;
  for (let at = 0; at < message.length; at++) {
    framer.push(message.subarray(at, at + 1), (view, off, end) => {
      whole = new Uint8Array(view.buffer, view.byteOffset + off, end - off).slice();
    });
    buffers.add(waiting());
  }
  expect(whole).toEqual(message);
  expect(buffers.size).toBe(3);
});

it('bytes that never make a message are no sign of life', async () => {
  const { timers, advance } = harness.manual();
  const { controller, address } = await harness.listening(keep, { timers });
  const arrived = harness.arrivalAt(controller);
  const peer = await shaken(address);
  const sw = await arrived;
  const left = new Promise<string>((resolve) => sw.on('close', ({ reason }) => resolve(reason)));
  const bytes = () => (peer.socket as unknown as { bytesWritten: number }).bytesWritten;
  peer.socket.write(hex('040affff'));
  for (let second = 0; second < 15; second++) {
    const before = bytes();
    peer.socket.write(hex('00'));
    await harness.until(() => bytes() > before);
    await new Promise((resolve) => setImmediate(resolve));
    advance(1_000);
  }
  expect(await left).toBe('no sign of life for 15000 ms');
});

it('a controller that never says hello is given up in time', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.write(encodeMessage(echoRequest(), 1));
  });
  keep({ close: () => server.close() });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as { port: number };
  const device = harness.deviceOf(keep, { handshakeTimeoutMs: 50 });
  await expect(device.connect({ host: '127.0.0.1', port })).rejects.toThrow('the handshake took too long');
});

it('more than the output may hold ends the connection, and what is sent after it costs nothing', async () => {
  const { sw } = await withDevice();
  const left = new Promise<string>((resolve) => sw.on('close', ({ reason }) => resolve(reason)));
  const large = packetOut({ data: new Uint8Array(60_000), actions: [] });
  for (let sent = 0; sent < 1_200; sent++) sw.send(large);
  expect(sw.isOpen).toBe(false);
  const held = sw.pendingBytes;
  for (let sent = 0; sent < 5_000; sent++) sw.send(large);
  expect(sw.pendingBytes).toBe(held);
  expect(await left).toBe('the peer does not read');
});

it('batches of large messages wait for each other', async () => {
  const { sw } = await withDevice();
  const large = packetOut({ data: new Uint8Array(65_000), actions: [] });
  const batch = new Array<typeof large>(600).fill(large);
  await Promise.all([sw.sendBatch(batch), sw.sendBatch(batch), sw.sendBatch(batch)]);
});

describe('requests', () => {
  it('keep their xids when these come round', async () => {
    const { sw } = await withDevice({
      handler: {
        answer: (message) => (message.type === 'table_stats_request' ? [tableStatsReply()] : []),
      },
    });
    const { connection } = sw as unknown as { connection: { lastXid: number } };
    const before = connection.lastXid;
    const first = expect(sw.request(descRequest(), { timeoutMs: 1_000 })).rejects.toMatchObject({
      detail: { code: 'timed_out' },
    });
    connection.lastXid = before;
    await sw.request(tableStatsRequest());
    await first;
  });

  it('are not hurt by a malformed message of another type under their xid', async () => {
    const { sw, peer, asked } = await withPeer();
    const reply = sw.request(descRequest());
    const xid = await asked('desc_request');
    const cut = hex('040a000c 00000000 00000000');
    new DataView(cut.buffer).setUint32(4, xid);
    peer.socket.write(cut);
    peer.say(descReply({ manufacturer: 'us' }), xid);
    expect(await reply).toMatchObject({ manufacturer: 'us' });
  });

  it('beyond the limit are not sent', async () => {
    const { sw } = await withDevice();
    for (let sent = 0; sent < REQUESTS_MAX; sent++) sw.request(descRequest()).catch(() => undefined);
    const held = sw.pendingBytes;
    await expect(sw.request(descRequest())).rejects.toMatchObject({ detail: { code: 'overrun' } });
    expect(sw.pendingBytes).toBeLessThanOrEqual(held);
  });

  it('may wait without an end', async () => {
    const { sw, peer, asked } = await withPeer();
    const reply = sw.request(descRequest(), { timeoutMs: Number.POSITIVE_INFINITY });
    peer.say(descReply(), await asked('desc_request'));
    await reply;
  });
});

it('fragments that nobody reads are not kept without a limit', async () => {
  const { sw, peer, asked } = await withPeer();
  const parts = sw.parts(flowStatsRequest());
  const first = parts.next();
  const xid = await asked('flow_stats_request');
  const heard = new Promise<void>((resolve) => sw.once('message', () => resolve()));
  for (let sent = 0; sent < PARTS_WAITING_MAX + 3; sent++) peer.say(flowStatsReply({ flags: 1 }), xid);
  await first;
  await heard;
  const read = (async () => {
    let count = 1;
    for await (const _part of parts) count += 1;
    return count;
  })();
  await expect(read).rejects.toMatchObject({ detail: { code: 'overrun' } });
});

describe('an iterator of events', () => {
  it('serves several readers in turn', async () => {
    const stream = new Stream<number>({});
    const both = Promise.all([stream.next(), stream.next()]);
    stream.push(1);
    stream.end();
    expect((await both).map(({ value }) => value)).toEqual([1, undefined]);
  });

  it('of a switch that has left is at its end', async () => {
    const { sw, device } = await withDevice();
    await device.close();
    await harness.until(() => !sw.isOpen);
    expect((await sw.stream('packet_in').next()).done).toBe(true);
  });
});

it('what an auxiliary connection refuses is no affair of a batch of the main one', async () => {
  const { sw, peer, address, asked } = await withPeer();
  const came = new Promise((resolve) => sw.once('auxiliary', resolve));
  const auxiliary = await shaken(address, 1);
  await came;
  const done = sw.sendBatch([flowMod({ command: OFPFC.ADD })]);
  const error = new Promise((resolve) => sw.once('error', resolve));
  auxiliary.say(errorMessage({ ofType: 1, ofCode: 1 }), await asked('flow_mod'));
  await error;
  peer.say(barrierReply(), await asked('barrier_request'));
  await done;
  auxiliary.socket.write(hex('04c80008 00000009'));
  await harness.until(() => auxiliary.messages().some(({ message }) => message.type === 'error'));
  expect(peer.messages().some(({ message }) => message.type === 'error')).toBe(false);
});

it('an auxiliary connection may come while the apps configure its switch', async () => {
  const { controller, address } = await harness.listening(keep);
  let done: () => void = () => undefined;
  controller.use({ name: 'slow', configure: () => new Promise((resolve) => (done = resolve)) });
  const arrived = harness.arrivalAt(controller);
  await shaken(address);
  const auxiliary = await shaken(address, 2);
  auxiliary.say(packetIn({ totalLen: 1, data: hex('07') }), 0);
  auxiliary.say(echoRequest(), 5);
  await harness.until(() => auxiliary.messages().some(({ message }) => message.type === 'echo_reply'));
  const heard = new Promise((resolve) => {
    controller.on('switch', (sw) => sw.on('packet_in', resolve));
  });
  done();
  expect((await arrived).auxiliaryIds).toEqual([2]);
  expect(await heard).toMatchObject({ data: hex('07') });
});

it('an app that throws when it starts is named, and its switch refused', async () => {
  const { controller, address } = await harness.listening(keep);
  const ended: string[] = [];
  controller.use({ name: 'tidy', start: () => () => ended.push('tidy') });
  controller.use({
    name: 'clumsy',
    start() {
      throw new Error('no room');
    },
  });
  const refused = harness.refusalAt(controller);
  await harness.deviceOf(keep).connect(address);
  expect(await refused).toBe('clumsy could not start it: no room');
  await harness.until(() => ended.length === 1 && controller.switches.size === 0);
});

it('a hello of no version in common ends both sides', async () => {
  const { controller, address } = await harness.listening(keep);
  const refused = harness.refusalAt(controller);
  const peer = await harness.rawPeer(keep, address);
  peer.say(hello({ elements: [{ type: 'version_bitmap', versions: [1, 2] }] }));
  expect(await refused).toBe('no common version: the peer speaks wire versions 1, 2');
});
