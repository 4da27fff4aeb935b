// TLS with client certificates against a real ovsdb-server: what works, and how each thing that is wrong is named.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { ConnectionOptions } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OvsdbClient } from './client.ts';
import { OvsdbError } from './error.ts';
import { OPEN_VSWITCH } from './generated/open-vswitch-tables.ts';
import { Certificates, type Identity, whyNoCertificates } from './testing/certificates.ts';
import { failure } from './testing/failure.ts';
import { eventually, OvsdbServer, whyNoServer } from './testing/ovsdb-server.ts';

const missing = whyNoServer() ?? whyNoCertificates();
if (missing) console.warn(`skipped: OVSDB over TLS, because ${missing}`);

describe.skipIf(missing !== null)('OVSDB over TLS', () => {
  let certificates: Certificates;
  let ca: Identity;
  let controller: Identity;
  let good: string;
  let expired: string;
  const servers: OvsdbServer[] = [];

  const listen = async (identity: Identity): Promise<string> => {
    const log = join(certificates.folder, `${servers.length}.log`);
    const keys = [`--private-key=${identity.keyPath}`, `--certificate=${identity.certPath}`];
    const args = ['--remote=pssl:0:127.0.0.1', ...keys, `--ca-cert=${ca.certPath}`, `--log-file=${log}`];
    const server = new OvsdbServer({ args });
    servers.push(server);
    await server.start();
    const port = () => /listening on port (\d+)/.exec(readFileSync(log, 'utf8'))?.[1];
    await eventually(() => port() !== undefined, 'the server says its port');
    return `ssl:127.0.0.1:${port()}`;
  };
  const connect = (endpoint: string, tls: ConnectionOptions) =>
    OvsdbClient.connect({ endpoint, database: OPEN_VSWITCH, tls, connectTimeoutMs: 5000 });
  const ours = () => ({ key: controller.key, cert: controller.cert, ca: [ca.cert] });
  const reason = async (endpoint: string, tls: ConnectionOptions) => {
    const detail = await failure(connect(endpoint, tls));
    expect(detail).toMatchObject({ code: 'connect_failed', endpoint });
    return (detail as { reason: string }).reason;
  };

  beforeAll(async () => {
    certificates = new Certificates();
    ca = certificates.authority('ca');
    certificates.authority('stranger-ca');
    controller = certificates.identity('controller', 'ca');
    good = await listen(certificates.identity('switch', 'ca'));
    expired = await listen(certificates.identity('old-switch', 'ca', -1));
  });
  afterAll(async () => {
    for (const server of servers) await server.dispose();
    certificates.dispose();
  });

  it('works when both sides know each other', async () => {
    const client = await connect(good, ours());
    expect(await client.listDatabases()).toContain('Open_vSwitch');
    client.close();
  });
  it('names a server that nobody we trust vouches for', async () => {
    const stranger = readFileSync(join(certificates.folder, 'stranger-ca.pem'));
    expect(await reason(good, { ...ours(), ca: [stranger] })).toBe('server_untrusted');
  });
  it('names a certificate that is for another name', async () => {
    expect(await reason(good, { ...ours(), servername: 'another.example' })).toBe('server_name_wrong');
  });
  it('names an expired certificate of the server', async () => {
    expect(await reason(expired, ours())).toBe('server_expired');
  });
  it('says that the server does not accept our certificate: unknown, expired, or none at all', async () => {
    const stranger = certificates.identity('stranger', 'stranger-ca');
    const old = certificates.identity('old-controller', 'ca', -1);
    expect(await reason(good, { ...ours(), key: stranger.key, cert: stranger.cert })).toBe('client_rejected');
    expect(await reason(good, { ...ours(), key: old.key, cert: old.cert })).toBe('client_rejected');
    expect(await reason(good, { ca: [ca.cert] })).toBe('client_rejected');
  });
  it('says so when its own key is unreadable, and when the peer speaks no TLS', async () => {
    expect(await reason(good, { key: 'no key', cert: 'no certificate' })).toBe('own_identity_unusable');
    const plain = createServer((socket) =>
      socket
        .on('error', () => {})
        .resume()
        .end('{"no":"TLS"}'),
    );
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const address = plain.address();
    const port = address && typeof address === 'object' ? address.port : 0;
    expect(await reason(`ssl:127.0.0.1:${port}`, ours())).toBe('tls_failed');
    await new Promise((resolve) => plain.close(resolve));
    expect(await reason(`ssl:127.0.0.1:${port}`, ours())).toBe('refused');
  });
  it('hangs up on us when we speak no TLS to a server that does', async () => {
    const tcp = good.replace('ssl:', 'tcp:');
    const error = await connect(tcp, {}).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(OvsdbError);
    expect((error as OvsdbError).detail).toMatchObject({ code: 'connect_failed', reason: 'closed_by_peer' });
  });
});
