import { describe, expect, it } from 'vitest';
import {
  barrierRequest,
  type Controller,
  type ControllerOptions,
  createSwitch,
  featuresReply,
  flowMod,
  flowStatsReply,
  flowStatsRequest,
  getConfigRequest,
  hello,
  type Message,
  OFPFC,
  type ProtocolError,
  portDescRequest,
  portStatus,
  RequestError,
  type Switch,
  struct,
} from '../index.ts';
import * as harness from './harness.ts';
import { manual, until } from './harness.ts';

const keep = harness.openedInTest();
let controller: Controller;

async function listening(options: ControllerOptions = {}): Promise<{ host: string; port: number }> {
  const made = await harness.listening(keep, options);
  controller = made.controller;
  return made.address;
}

const arrival = (): Promise<Switch> => harness.arrivalAt(controller);
const refusal = (): Promise<string> => harness.refusalAt(controller);
const rawPeer = (address: { host: string; port: number }) => harness.rawPeer(keep, address);

async function device(
  address: { host: string; port: number },
  answer: (message: Message) => readonly Message[] | undefined = () => undefined,
) {
  const made = harness.deviceOf(keep, { handler: { answer } });
  await made.connect(address);
  return made;
}

/** A raw switch that has shaken hands. */
async function handshaken() {
  const address = await listening();
  const arrived = arrival();
  const peer = await rawPeer(address);
  return { peer, arrived, xid: await harness.shakenHands(peer) };
}

describe('a session', () => {
  it('shakes hands and knows the switch by its dpid', async () => {
    const address = await listening();
    const arrived = arrival();
    await device(address);
    const sw = await arrived;
    expect(sw.dpid).toBe('00000000000000b2');
    expect([...controller.switches.keys()]).toEqual(['00000000000000b2']);
  });

  it('pairs every reply with its request, whatever the order', async () => {
    const { peer, arrived, xid } = await handshaken();
    peer.say(featuresReply({ datapathId: '00000000000000cc' }), xid);
    const sw = await arrived;
    const flows = sw.request(flowStatsRequest());
    const ports = sw.request(portDescRequest());
    await until(() => peer.messages().length >= 4);
    const sent = Object.fromEntries(peer.messages().map(({ message, xid: id }) => [message.type, id]));
    peer.say({ type: 'port_desc_reply', flags: 0, ports: [] }, sent.port_desc_request);
    peer.say(
      flowStatsReply({ flags: 1, flows: [struct.flowStats({ tableId: 1, priority: 1 })] }),
      sent.flow_stats_request,
    );
    peer.say(
      flowStatsReply({ flows: [struct.flowStats({ tableId: 2, priority: 2 })] }),
      sent.flow_stats_request,
    );
    expect((await ports).ports).toEqual([]);
    expect((await flows).flows.map(({ tableId }) => tableId)).toEqual([1, 2]);
  });

  it('rejects requests when the switch leaves, and never resolves them empty', async () => {
    const { peer, arrived, xid } = await handshaken();
    peer.say(featuresReply({ datapathId: '00000000000000cc' }), xid);
    const sw = await arrived;
    const flows = sw.request(flowStatsRequest()).catch((error: unknown) => error);
    await until(() => peer.messages().some(({ message }) => message.type === 'flow_stats_request'));
    peer.socket.end();
    const error = await flows;
    expect(error).toBeInstanceOf(RequestError);
    expect((error as RequestError).detail.code).toBe('disconnected');
    expect((error as RequestError).retriable).toBe(true);
  });

  it('answers a malformed message with an error and goes on', async () => {
    const { peer, arrived, xid } = await handshaken();
    peer.say(featuresReply({ datapathId: '00000000000000cc' }), xid);
    const sw = await arrived;
    const problem = new Promise<ProtocolError>((resolve) => sw.once('protocol_error', resolve));
    // A flow_removed that says 16 bytes: its body is cut short.
    peer.socket.write(new Uint8Array([4, 11, 0, 16, 0, 0, 0, 77, 0, 0, 0, 0, 0, 0, 0, 0]));
    expect((await problem).detail).toEqual({
      name: 'OFPBRC_BAD_LEN',
      ofType: 1,
      ofCode: 6,
      offset: 8,
      path: 'flow_removed',
    });
    await until(() => peer.messages().some(({ message, xid: id }) => message.type === 'error' && id === 77));
    const barrier = sw.request(barrierRequest());
    await until(() => peer.messages().some(({ message }) => message.type === 'barrier_request'));
    const asked = peer.messages().find(({ message }) => message.type === 'barrier_request')?.xid ?? 0;
    peer.say({ type: 'barrier_reply' }, asked);
    expect((await barrier).type).toBe('barrier_reply');
  });

  it('does not take a configuration flag for a sign of more fragments', async () => {
    const { peer, arrived, xid } = await handshaken();
    peer.say(featuresReply({ datapathId: '00000000000000cc' }), xid);
    const sw = await arrived;
    const config = sw.request(getConfigRequest());
    await until(() => peer.messages().some(({ message }) => message.type === 'get_config_request'));
    const asked = peer.messages().find(({ message }) => message.type === 'get_config_request')?.xid ?? 0;
    peer.say({ type: 'get_config_reply', flags: 1, missSendLen: 128 }, asked);
    expect(await config).toEqual({ type: 'get_config_reply', flags: 1, missSendLen: 128 });
  });

  it('ends the stream when a header says fewer than 8 bytes', async () => {
    const { peer, arrived, xid } = await handshaken();
    peer.say(featuresReply({ datapathId: '00000000000000cc' }), xid);
    const sw = await arrived;
    const closed = new Promise<string>((resolve) => sw.once('close', ({ reason }) => resolve(reason)));
    peer.socket.write(new Uint8Array([4, 2, 0, 3, 0, 0, 0, 1]));
    expect(await closed).toBe('a header says 3 bytes, fewer than its own 8');
  });

  it('delivers what came before the handshake was over', async () => {
    const { peer, arrived, xid } = await handshaken();
    peer.say(portStatus({ reason: 0, port: struct.port({ portNo: 4, hwAddr: '02:00:00:00:00:04' }) }), 0);
    const heard = new Promise<number>((resolve) => {
      controller.once('switch', (sw) => sw.on('port_status', ({ port }) => resolve(port.portNo)));
    });
    peer.say(featuresReply({ datapathId: '00000000000000cc' }), xid);
    await arrived;
    expect(await heard).toBe(4);
  });

  it('refuses a peer of another version and says so', async () => {
    const address = await listening();
    const refused = refusal();
    const peer = await rawPeer(address);
    peer.socket.write(new Uint8Array([1, 0, 0, 8, 0, 0, 0, 9]));
    expect(await refused).toBe('no common version: the peer speaks up to wire version 1');
    await until(() => peer.messages().some(({ message }) => message.type === 'error'));
    const error = peer.messages().find(({ message }) => message.type === 'error')?.message;
    expect(error).toMatchObject({ ofType: 0, ofCode: 0 });
  });

  it('refuses a peer that is silent for the whole handshake', async () => {
    const clock = manual();
    const address = await listening({ timers: clock.timers, handshakeTimeoutMs: 5_000 });
    const refused = refusal();
    const peer = await rawPeer(address);
    await until(() => peer.messages().length > 0);
    clock.advance(5_000);
    expect(await refused).toBe('the handshake took too long');
  });

  it('rejects a request that is not answered in time', async () => {
    const clock = manual();
    const address = await listening({ timers: clock.timers, requestTimeoutMs: 1_000 });
    const arrived = arrival();
    await device(address, () => []);
    const sw = await arrived;
    const waiting = sw.request(flowStatsRequest()).catch((error: RequestError) => error.detail);
    clock.advance(1_000);
    expect(await waiting).toEqual({ code: 'timed_out', afterMs: 1_000 });
  });

  it('asks a silent peer for an echo, and gives up on a dead one', async () => {
    const clock = manual();
    const address = await listening({ timers: clock.timers, echoIntervalMs: 1_000, echoTimeoutMs: 3_000 });
    const arrived = arrival();
    const peer = await rawPeer(address);
    peer.say(hello({ elements: [] }));
    await until(() => peer.messages().some(({ message }) => message.type === 'features_request'));
    peer.say(featuresReply({ datapathId: '00000000000000cc' }), peer.messages().at(-1)?.xid ?? 0);
    const sw = await arrived;
    const closed = new Promise<string>((resolve) => sw.once('close', ({ reason }) => resolve(reason)));
    clock.advance(1_000);
    await until(() => peer.messages().some(({ message }) => message.type === 'echo_request'));
    clock.advance(2_000);
    expect(await closed).toBe('no sign of life for 3000 ms');
  });

  it('answers an echo with its own bytes', async () => {
    const { peer } = await handshaken();
    peer.say({ type: 'echo_request', data: new Uint8Array([1, 2, 3]) }, 55);
    await until(() => peer.messages().some(({ message }) => message.type === 'echo_reply'));
    const reply = peer.messages().find(({ message }) => message.type === 'echo_reply');
    expect(reply).toEqual({
      version: 4,
      xid: 55,
      message: { type: 'echo_reply', data: new Uint8Array([1, 2, 3]) },
    });
  });

  it('refuses a role with an old generation, and demotes the old master', async () => {
    const address = await listening();
    const first = arrival();
    const made = await device(address, () => []);
    const old = await first;
    await old.setRole('master', 5n);
    const second = arrival();
    await made.connect(address);
    const young = await second;
    expect((await young.setRole('master', 6n)).generationId).toBe(6n);
    await expect(young.setRole('slave', 5n)).rejects.toMatchObject({ detail: { name: 'OFPRRFC_STALE' } });
  });

  it('keeps the newer connection of one dpid', async () => {
    const address = await listening();
    const first = arrival();
    await device(address);
    const old = await first;
    const gone = new Promise<string>((resolve) => old.once('close', ({ reason }) => resolve(reason)));
    const second = arrival();
    await device(address);
    expect(await gone).toBe('the switch connected again');
    expect(controller.switches.get('00000000000000b2')).toBe(await second);
  });

  it('joins all messages of one turn into one write', async () => {
    const { peer, arrived, xid } = await handshaken();
    peer.say(featuresReply({ datapathId: '00000000000000cc' }), xid);
    const sw = await arrived;
    const chunks: number[] = [];
    peer.socket.on('data', (chunk) => chunks.push(chunk.length));
    for (let i = 0; i < 20; i++) sw.send(flowMod({ command: OFPFC.ADD, priority: i }));
    await until(() => chunks.length > 0);
    expect(chunks).toEqual([20 * 56]);
  });

  it('rejects when nobody listens', async () => {
    const address = await listening();
    await controller.close();
    const made = createSwitch({ dpid: '00000000000000b2', handler: { answer: () => undefined } });
    await expect(made.connect(address)).rejects.toThrow('ECONNREFUSED');
  });

  it('rejects requests and batches after the end', async () => {
    const address = await listening();
    const arrived = arrival();
    await device(address);
    const sw = await arrived;
    const gone = new Promise<void>((resolve) => sw.once('close', () => resolve()));
    sw.close('enough');
    await gone;
    const disconnected = { detail: { code: 'disconnected', reason: 'enough' } };
    await expect(sw.request(barrierRequest())).rejects.toMatchObject(disconnected);
    await expect(sw.sendBatch([flowMod({ command: OFPFC.ADD })])).rejects.toMatchObject(disconnected);
    expect(controller.switches.size).toBe(0);
  });

  it('carries a batch that is larger than the output may hold at once', async () => {
    const address = await listening();
    const arrived = arrival();
    let count = 0;
    await device(address, (message) => {
      if (message.type === 'flow_mod') count += 1;
      return [];
    });
    const sw = await arrived;
    await sw.sendBatch(
      Array.from({ length: 10_000 }, (_, priority) => flowMod({ command: OFPFC.ADD, priority })),
    );
    expect(count).toBe(10_000);
  });
});
