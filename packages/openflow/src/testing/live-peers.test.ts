/** A real Open vSwitch that leaves and comes back, strange peers beside it, and TLS. */
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { descRequest, encodeMessage, flowMod, flowStatsRequest, hello, OFPFC } from '../index.ts';
import { Certificates, hasOpenssl } from './certificates.ts';
import { arrivalAt, isWithoutOpenVswitch, realSwitch, sayNotRun } from './real-switch.ts';

const isMissing = isWithoutOpenVswitch('OpenFlow: reconnect, strange peers and TLS of a real switch');
const canTls = hasOpenssl();
if (!isMissing && !canTls) sayNotRun('OpenFlow over TLS with a real switch: openssl is missing');
const ARRIVES = { timeout: 120_000 };

describe.skipIf(isMissing)('with Open vSwitch', () => {
  const real = realSwitch();

  it(
    'a switch that was restarted is there again, and the requests of before have failed',
    ARRIVES,
    async () => {
      const { controller, target } = await real.listening({});
      const first = arrivalAt(controller);
      real.pointTo(target);
      const sw = await first;
      await sw.sendBatch([flowMod({ command: OFPFC.ADD })]);
      const left = new Promise<string>((resolve) => sw.once('close', ({ reason }) => resolve(reason)));
      const again = arrivalAt(controller);
      await real.ovs.restartVswitchd();
      expect(await left).toMatch(/closed|ECONNRESET/);
      await expect(sw.request(descRequest())).rejects.toMatchObject({ detail: { code: 'disconnected' } });
      const back = await again;
      expect(back.dpid).toBe(sw.dpid);
      expect((await back.request(flowStatsRequest())).flows).toEqual([]);
    },
  );

  it('a switch whose connection the controller ends comes back by itself', ARRIVES, async () => {
    const { controller, target } = await real.listening({});
    const first = arrivalAt(controller);
    real.pointTo(target);
    const sw = await first;
    const again = arrivalAt(controller);
    sw.close();
    const back = await again;
    expect([...controller.switches.values()]).toEqual([back]);
    await back.barrier();
  });

  it(
    'peers that speak garbage, that stop reading and that stay silent do not disturb it',
    ARRIVES,
    async () => {
      const { controller, target, port } = await real.listening({
        handshakeTimeoutMs: 1_000,
        echoIntervalMs: 500,
        echoTimeoutMs: 20_000,
      });
      const arrived = arrivalAt(controller);
      real.pointTo(target);
      const sw = await arrived;
      const reasons: string[] = [];
      controller.on('refused', ({ reason }) => reasons.push(reason));
      const garbage = peer(port, (socket) => socket.write(Buffer.alloc(100_000, 0x5a)));
      const silent = peer(port, () => undefined);
      const slow = peer(port, (socket) => {
        socket.pause();
        for (const byte of encodeMessage(hello({ elements: [] }), 1).subarray(0, 5)) {
          socket.write(Uint8Array.of(byte));
        }
      });
      for (const one of [garbage, silent, slow]) real.keep({ close: () => one.destroy() });
      const done = { rounds: 0 };
      while (reasons.length < 3) {
        await sw.sendBatch([flowMod({ command: OFPFC.ADD, priority: done.rounds % 100 })]);
        expect((await sw.request(flowStatsRequest())).flows.length).toBeGreaterThan(0);
        done.rounds += 1;
      }
      expect(sw.isOpen).toBe(true);
      expect(controller.switches.size).toBe(1);
      await sw.sendBatch([flowMod({ command: OFPFC.DELETE, tableId: 0xff })]);
    },
  );
});

function peer(port: number, begin: (socket: Socket) => void): Socket {
  const socket = connect({ host: '127.0.0.1', port }, () => begin(socket));
  socket.on('error', () => undefined);
  return socket;
}

describe.skipIf(isMissing || !canTls)('with Open vSwitch over TLS', () => {
  const real = realSwitch();
  let pki: Certificates;

  beforeAll(() => {
    pki = new Certificates();
    for (const authority of ['ca', 'stranger']) pki.make(authority);
    for (const name of ['controller', 'switch']) pki.make(name, 'ca');
    for (const name of ['intruder', 'impostor']) pki.make(name, 'stranger');
  });
  afterAll(() => pki.remove());

  const isSwitch = (name: string, authority = 'ca'): void => {
    const files = [`${name}.key`, `${name}.crt`, `${authority}.crt`].map((file) => pki.path(file));
    real.ovs.vsctl('set-ssl', ...files);
  };

  it('the right certificates carry a session', ARRIVES, async () => {
    isSwitch('switch');
    const { controller, target } = await real.listening({ tls: pki.as('controller', 'ca') }, 'ssl');
    const arrived = arrivalAt(controller);
    real.pointTo(target);
    const sw = await arrived;
    await sw.sendBatch([flowMod({ command: OFPFC.ADD, priority: 9 })]);
    expect((await sw.request(flowStatsRequest())).flows).toMatchObject([{ priority: 9 }]);
  });

  it('a switch that somebody else certified is refused', ARRIVES, async () => {
    isSwitch('intruder');
    const { controller, target } = await real.listening({ tls: pki.as('controller', 'ca') }, 'ssl');
    const refused = new Promise<string>((resolve) =>
      controller.once('refused', ({ reason }) => resolve(reason)),
    );
    real.pointTo(target);
    expect(await refused).toMatch(/^TLS: /);
    expect(controller.switches.size).toBe(0);
  });

  it('a controller that somebody else certified is refused by the switch', ARRIVES, async () => {
    isSwitch('switch');
    const { controller, target } = await real.listening({ tls: pki.as('impostor', 'ca') }, 'ssl');
    const refused = new Promise<string>((resolve) =>
      controller.once('refused', ({ reason }) => resolve(reason)),
    );
    real.pointTo(target);
    expect(await refused).toMatch(/^TLS: /);
    expect(controller.switches.size).toBe(0);
  });

  it('a switch that speaks no TLS is refused', ARRIVES, async () => {
    const { controller, port } = await real.listening({ tls: pki.as('controller', 'ca') });
    const refused = new Promise<string>((resolve) =>
      controller.once('refused', ({ reason }) => resolve(reason)),
    );
    real.pointTo(`tcp:127.0.0.1:${port}`);
    expect(await refused).toMatch(/^TLS: /);
  });
});
