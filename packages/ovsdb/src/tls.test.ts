// Certificates are made for each run, so no private key lies in the repository.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OvsdbClient } from './client.ts';
import { FAKE_DATABASE, FakeServer } from './testing/fake-server.ts';

const hasOpenssl = (): boolean => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
const canRun = hasOpenssl();
if (!canRun) console.warn('skipped: OVSDB over TLS, because openssl is not installed to make certificates');

describe.skipIf(!canRun)('OVSDB over TLS', () => {
  let folder: string;
  let server: FakeServer;
  const identity = (name: string) => {
    const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)];
    const request = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=${name}`;
    const extension = ['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert];
    execFileSync('openssl', [...request.split(' '), ...extension], { stdio: 'ignore' });
    return { key: readFileSync(key), cert: readFileSync(cert) };
  };
  let [switchSide, controller, stranger] = [{}, {}, {}] as ReturnType<typeof identity>[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ovsdb-tls-'));
    [switchSide, controller, stranger] = ['switch', 'controller', 'stranger'].map(identity);
    server = new FakeServer({
      ...switchSide,
      ca: [controller?.cert ?? ''],
      requestCert: true,
      rejectUnauthorized: true,
    });
    server.answer = () => ({ result: ['fake'] });
    await server.listen();
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const connect = (tls: object) =>
    OvsdbClient.connect({ endpoint: server.endpoint, database: FAKE_DATABASE, tls });

  it('works when both sides know each other', async () => {
    const client = await connect({ ...controller, ca: [switchSide?.cert] });
    expect(await client.listDatabases()).toEqual(['fake']);
    client.close();
  });
  it('does not come up with a server or a client that nobody vouches for', async () => {
    await expect(connect({ ...controller, ca: [stranger?.cert] })).rejects.toMatchObject({
      code: 'connect_failed',
    });
    // With TLS 1.3 the server refuses the client only after the client's side is ready.
    await expect(connect({ ...stranger, ca: [switchSide?.cert] })).rejects.toMatchObject({
      code: expect.stringMatching(/^(connect_failed|disconnected)$/),
    });
  });
  it('says so when its own key is unreadable', async () => {
    await expect(connect({ key: 'no key', cert: 'no certificate' })).rejects.toMatchObject({
      code: 'connect_failed',
    });
  });
});
