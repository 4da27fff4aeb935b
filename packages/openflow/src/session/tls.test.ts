import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TlsOptions } from '../index.ts';
import * as harness from './harness.ts';

const keep = harness.openedInTest();
const hasOpenssl = (() => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
if (!hasOpenssl) {
  const file = process.env.SLUICE_SKIP_FILE;
  const reason = 'OpenFlow over TLS: openssl is not installed to make certificates';
  if (file !== undefined) appendFileSync(file, `${reason}\n`);
}

describe.skipIf(!hasOpenssl)('TLS', () => {
  let folder: string;
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const file = (name: string) => readFileSync(join(folder, name), 'utf8');

  /** A key and a certificate of `name` that `authority` signed, or that signs itself. */
  function certify(name: string, authority?: string): void {
    openssl(
      'req',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
      '-subj',
      `/CN=${name}`,
    );
    const signer =
      authority === undefined
        ? ['-signkey', `${name}.key`]
        : ['-CA', `${authority}.crt`, '-CAkey', `${authority}.key`, '-CAcreateserial'];
    openssl('x509', '-req', '-in', `${name}.csr`, ...signer, '-days', '2', '-out', `${name}.crt`);
  }

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'openflow-tls-'));
    for (const authority of ['ca', 'stranger']) certify(authority);
    for (const name of ['controller', 'switch']) certify(name, 'ca');
    certify('intruder', 'stranger');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const as = (name: string, authority = 'ca'): TlsOptions => ({
    key: file(`${name}.key`),
    cert: file(`${name}.crt`),
    ca: file(`${authority}.crt`),
  });

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
    const device = harness
      .deviceOf(keep)
      .connect({ ...address, tls: { ...as('intruder'), ca: file('ca.crt') } });
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
