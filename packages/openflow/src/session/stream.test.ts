import { describe, expect, it } from 'vitest';
import { flowStatsReply, flowStatsRequest, type Message, packetIn, RequestError, struct } from '../index.ts';
import * as harness from './harness.ts';

const keep = harness.openedInTest();

async function connected(answer: (message: Message) => readonly Message[] | undefined = () => []) {
  const { controller, address } = await harness.listening(keep);
  const arrived = harness.arrivalAt(controller);
  const device = harness.deviceOf(keep, { handler: { answer } });
  await device.connect(address);
  return { device, sw: await arrived };
}

const flows = (count: number) =>
  Array.from({ length: count }, (_, priority) => struct.flowStats({ tableId: 0, priority }));

describe('a long reply', () => {
  it('comes fragment by fragment', async () => {
    const { sw } = await connected((message) =>
      message.type === 'flow_stats_request' ? [flowStatsReply({ flows: flows(3_000) })] : [],
    );
    const sizes: number[] = [];
    for await (const part of sw.parts(flowStatsRequest())) sizes.push(part.flows.length);
    expect(sizes.length).toBeGreaterThan(1);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(3_000);
  });

  it("that is left early is nobody else's event", async () => {
    const { sw } = await connected((message) =>
      message.type === 'flow_stats_request' ? [flowStatsReply({ flows: flows(3_000) })] : [],
    );
    const heard: string[] = [];
    sw.on('message', ({ type }) => heard.push(type));
    for await (const _part of sw.parts(flowStatsRequest())) break;
    await sw.barrier();
    expect(heard).toEqual([]);
  });

  it('throws when the switch leaves in the middle', async () => {
    const { device, sw } = await connected();
    const read = (async () => {
      for await (const _part of sw.parts(flowStatsRequest())) expect.unreachable();
    })().catch((error: unknown) => error);
    await device.close();
    expect(await read).toBeInstanceOf(RequestError);
  });
});

describe('events as an iterator', () => {
  it('come in order, end with the connection, and are dropped only beyond the mark', async () => {
    const { device, sw } = await connected();
    const packets = sw.stream('packet_in', { highWaterMark: 2 });
    for (let totalLen = 1; totalLen <= 5; totalLen++) device.send(packetIn({ totalLen }));
    await sw.barrier();
    expect(packets.dropped).toBe(3);
    await device.close();
    const lengths: number[] = [];
    for await (const { totalLen } of packets) lengths.push(totalLen);
    expect(lengths).toEqual([1, 2]);
  });
});

describe('a peer that does not read', () => {
  it('makes trySend say no, counted, while send still takes', async () => {
    const { controller, address } = await harness.listening(keep);
    const arrived = harness.arrivalAt(controller);
    const peer = await harness.rawPeer(keep, address);
    const xid = await harness.shakenHands(peer);
    peer.say(
      {
        type: 'features_reply',
        datapathId: harness.DPID,
        nBuffers: 0,
        nTables: 1,
        auxiliaryId: 0,
        capabilities: 0,
        reserved: 0,
      },
      xid,
    );
    const sw = await arrived;
    peer.socket.pause();
    const data = new Uint8Array(60_000);
    const packet = { type: 'packet_out', bufferId: 0xffffffff, inPort: 1, actions: [], data } as const;
    let taken = 0;
    while (taken < 1_000 && sw.trySend(packet)) taken += 1;
    expect(sw.droppedOut).toBe(1);
    expect(sw.pendingBytes).toBeGreaterThan(64 * 1024);
    peer.socket.resume();
    await sw.ready();
    expect(sw.trySend(packet)).toBe(true);
  });
});
