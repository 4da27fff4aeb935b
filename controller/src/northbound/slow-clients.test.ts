// Clients that take their time, on raw sockets; the limits are the server's, made short.
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../telemetry/log.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import type { NorthboundContext } from './context.ts';
import { type HttpServer, startHttpServer } from './server.ts';

let server: HttpServer;
beforeEach(async () => {
  const context = {
    http: { host: '127.0.0.1', port: 0, allowedHosts: [], allowRemote: false },
    metrics: createMetrics(),
    log: createLog('silent'),
  } as unknown as NorthboundContext;
  server = await startHttpServer(context, {
    headersTimeoutMs: 100,
    requestTimeoutMs: 200,
    checkPeriodMs: 20,
  });
});
afterEach(() => server.close());

/** Sends this and no more; what comes back until the server hangs up. */
const say = (text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(server.address.port, '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.once('error', reject);
    socket.once('close', () => resolve(answer));
  });

describe('a slow client', () => {
  it('that never ends its headers is told 408 and dropped', async () => {
    expect(await say('GET /healthz HTTP/1.1\r\nhost: localhost\r\n')).toContain('408');
  });

  it('that never ends its body is told 408 and dropped', async () => {
    const head = 'POST /v1/migrations HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n';
    expect(await say(`${head}content-length: 100\r\n\r\n{"vm":`)).toContain('408');
  });

  it('with headers beyond all measure is told 431', async () => {
    expect(await say(`GET / HTTP/1.1\r\nhost: localhost\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`)).toContain(
      '431',
    );
  });
});
