import { connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type Controller,
  createController,
  decodeMessage,
  flowMod,
  flowStatsRequest,
  OFPFC,
  type Switch,
} from '../index.ts';
import { createFakeSwitch, formatRecorded, parseRecording, record, replay } from './index.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const fakeOf = () => {
  const fake = createFakeSwitch({ dpid: '00000000000000a1', ports: [{ portNo: 1, name: 'p1' }] });
  open.push(fake);
  return fake;
};

/** A server whose connections go where `take` puts them. */
async function serving(take: (socket: Socket) => void): Promise<{ host: string; port: number }> {
  const server = createServer(take);
  open.push({ close: () => new Promise((resolve) => server.close(resolve)) });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  return { host: address.address, port: address.port };
}

/** One conversation with the fake switch: an entry is added, and read back. */
async function conversation(sw: Switch): Promise<number> {
  await sw.sendBatch([flowMod({ command: OFPFC.ADD, priority: 7, match: { in_port: 1 } })]);
  return (await sw.request(flowStatsRequest())).flows.length;
}

async function recorded(): Promise<string> {
  const controller: Controller = createController({ port: 0 });
  const lines: string[] = [];
  const arrived = new Promise<Switch>((resolve) => controller.once('switch', resolve));
  const address = await serving((socket) =>
    controller.adopt(
      record(socket, (line) => lines.push(line)),
      'recorded',
    ),
  );
  const fake = fakeOf();
  await fake.connect(address);
  const sw = await arrived;
  expect(await conversation(sw)).toBe(1);
  await fake.close();
  return lines.join('\n');
}

describe('a recording', () => {
  it('holds every message of both directions, in order', async () => {
    const lines = parseRecording(await recorded());
    const said = lines.map(({ direction, bytes }) => `${direction} ${decodeMessage(bytes).message.type}`);
    expect(said.filter((one) => !one.endsWith('hello'))).toEqual([
      'written features_request',
      'read features_reply',
      'written flow_mod',
      'written barrier_request',
      'read barrier_reply',
      'written flow_stats_request',
      'read flow_stats_reply',
    ]);
  });

  it('is the same text again after it was read, and names a line that it is not', async () => {
    const text = await recorded();
    expect(parseRecording(text).map(formatRecorded).join('\n')).toBe(text);
    expect(parseRecording('# a comment\n\n')).toEqual([]);
    expect(() => parseRecording(`${text}\n12 ? 00`)).toThrow(/^line \d+ is no recorded message/);
  });

  it('plays the switch to a controller, which sees what it saw then', async () => {
    const recording = parseRecording(await recorded());
    const controller = createController({ port: 0 });
    open.push(controller);
    const socket = connect(await controller.listen());
    open.push({ close: () => socket.destroy() });
    const arrived = new Promise<Switch>((resolve) => controller.once('switch', resolve));
    const playing = replay(socket, recording);
    const sw = await arrived;
    expect(sw.dpid).toBe('00000000000000a1');
    expect(await conversation(sw)).toBe(1);
    const replayed = await playing;
    expect(replayed.every(({ isSame }) => isSame)).toBe(true);
  });

  it('plays the controller to a switch, which then has the same tables', async () => {
    const recording = parseRecording(await recorded());
    const fake = fakeOf();
    const played = new Promise<unknown>((resolve, reject) => {
      void serving((socket) => {
        open.push({ close: () => socket.destroy() });
        replay(socket, recording, { play: 'written' }).then(resolve, reject);
      }).then((address) => fake.connect(address));
    });
    await played;
    expect(fake.flows.map(({ priority }) => priority)).toEqual([7]);
  });

  it('fails when the other side leaves, and when it stays silent', async () => {
    const recording = parseRecording(await recorded());
    const leaving = await serving((socket) => socket.end());
    const gone = connect(leaving);
    await expect(replay(gone, recording)).rejects.toThrow('the other side left');
    const silent = await serving((socket) => {
      open.push({ close: () => socket.destroy() });
    });
    const waiting = connect(silent);
    open.push({ close: () => waiting.destroy() });
    await expect(replay(waiting, recording, { timeoutMs: 50 })).rejects.toThrow('said nothing for 50 ms');
  });
});
