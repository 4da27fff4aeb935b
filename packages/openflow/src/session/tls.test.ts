import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TlsOptions } from '../index.ts';
import { Certificates, hasOpenssl } from '../testing/certificates.ts';
import { sayNotRun } from '../testing/real-switch.ts';
import * as harness from './harness.ts';

const keep = harness.openedInTest();
const canRun = hasOpenssl();
if (!canRun) sayNotRun('OpenFlow over TLS: openssl is not installed to make certificates');

describe.skipIf(!canRun)('TLS', () => {
  let certificates: Certificates;
  beforeAll(() => {
    certificates = new Certificates();
    for (const authority of ['ca', 'stranger']) certificates.make(authority);
    for (const name of ['controller', 'switch']) certificates.make(name, 'ca');
    certificates.make('intruder', 'stranger');
  });
  afterAll(() => certificates.remove());

  const as = (name: string, authority = 'ca'): TlsOptions => certificates.as(name, authority);

  it('carries a session when both sides show a certificate that the other believes', async () => {
    const { controller, address } = await harness.listening(keep, { tls: as('controller') });
    const arrived = harness.arrivalAt(controller);
    await harness.deviceOf(keep).connect({ ...address, tls: as('switch') });
    const sw = await arrived;
    await sw.barrier();
    expect(sw.dpid).toBe(harness.DPID);
  });

  it('refuses a switch whose certificate somebody else signed, and says so', async () => {
    const { controller, address } = await harness.listening(keep, { tls: as('controller') });
    const refused = harness.refusalAt(controller);
    const device = harness.deviceOf(keep).connect({ ...address, tls: as('intruder') });
    await expect(device).rejects.toThrow();
    expect(await refused).toMatch(/^TLS: /);
    expect(controller.switches.size).toBe(0);
  });

  it('refuses a switch that speaks no TLS', async () => {
    const { controller, address } = await harness.listening(keep, { tls: as('controller') });
    const refused = harness.refusalAt(controller);
    const socket = connect(address, () => socket.write(Uint8Array.from([4, 0, 0, 8, 0, 0, 0, 1])));
    socket.on('error', () => undefined);
    keep({ close: () => socket.destroy() });
    expect(await refused).toMatch(/^TLS: /);
  });

  it('refuses a peer that is silent in the handshake of TLS', async () => {
    const options = { tls: as('controller'), handshakeTimeoutMs: 50 };
    const { controller, address } = await harness.listening(keep, options);
    const refused = harness.refusalAt(controller);
    await harness.rawPeer(keep, address);
    expect(await refused).toMatch(/^TLS: .*timeout/i);
  });

  it('closes at once although a peer is in the handshake of TLS', async () => {
    const { controller, address } = await harness.listening(keep, { tls: as('controller') });
    const peer = await harness.rawPeer(keep, address);
    const ended = new Promise<void>((resolve) => peer.socket.once('close', () => resolve()));
    await harness.deviceOf(keep).connect({ ...address, tls: as('switch') });
    await controller.close();
    await ended;
  });

  it('a switch does not talk to a controller that it does not believe', async () => {
    const { address } = await harness.listening(keep, { tls: as('controller') });
    const device = harness.deviceOf(keep).connect({ ...address, tls: as('switch', 'stranger') });
    await expect(device).rejects.toThrow(/certificate|issuer|signed/);
  });

  it('the name in the certificate counts when one is asked for', async () => {
    const { address } = await harness.listening(keep, { tls: as('controller') });
    const device = harness
      .deviceOf(keep)
      .connect({ ...address, tls: { ...as('switch'), serverName: 'elsewhere' } });
    await expect(device).rejects.toThrow(/elsewhere/);
  });
});
