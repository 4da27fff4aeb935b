import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import express from 'express';
import { describe, expect, it } from 'vitest';
import { EventLog } from '../event-log.ts';
import { createMemoryStore } from '../store/index.ts';
import type { NorthboundContext } from './context.ts';
import { eventRoutes } from './routes/events.ts';

const KEPT_MAX = 50;

interface Stream {
  readonly log: EventLog;
  readonly url: string;
  readonly clients: () => number;
  close(): Promise<void>;
}

async function startStream(): Promise<Stream> {
  const log = new EventLog({
    store: createMemoryStore(),
    wallMs: () => 1000,
    earlier: [],
    keptMax: KEPT_MAX,
  });
  const routes = eventRoutes({ events: log } as NorthboundContext);
  const server = createServer(express().use(routes.router));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    log,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/events`,
    clients: routes.clients,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        routes.close();
        server.closeAllConnections();
      }),
  };
}

/** Reads until `count` events have come. */
async function read(url: string, count: number, headers: Record<string, string> = {}): Promise<string[]> {
  const ended = new AbortController();
  const response = await fetch(url, { headers, signal: ended.signal });
  let text = '';
  const names = () =>
    [...text.matchAll(/^(?:id: (\S+)\n)?event: (\S+)\n/gm)].map(([, id, name]) => `${id ?? '-'} ${name}`);
  for await (const chunk of response.body as ReadableStream<Uint8Array>) {
    text += new TextDecoder().decode(chunk);
    if (names().length >= count) break;
  }
  ended.abort();
  return names();
}

const announce = (log: EventLog, type: string, subject: string | null = null, size = 1) =>
  log.append({ type, subject, data: { text: 'x'.repeat(size) } });

describe('the event stream', () => {
  it('begins with what happens after the request, and resumes after the last id that was seen', async () => {
    const { log, url, close, clients } = await startStream();
    announce(log, 'before');
    const live = read(url, 1);
    await expect.poll(clients).toBe(1);
    announce(log, 'after');
    announce(log, 'later');
    expect((await live)[0]).toBe('1000-1 after');
    expect(await read(url, 2, { 'last-event-id': '1000-0' })).toEqual(['1000-1 after', '1000-2 later']);
    expect(await read(`${url}?after=0-0`, 3)).toEqual(['1000-0 before', '1000-1 after', '1000-2 later']);
    await close();
  });

  it('gives only the wanted types and migration', async () => {
    const { log, url, close } = await startStream();
    announce(log, 'round_finished', 'a');
    announce(log, 'round_finished', 'b');
    announce(log, 'rate_changed', 'b');
    expect(await read(`${url}?after=0-0&migration=b&types=round_finished`, 1)).toEqual([
      '1000-1 round_finished',
    ]);
    await close();
  });

  it('says that there is a gap when the place to resume at is not kept any more', async () => {
    const { log, url, close } = await startStream();
    for (let index = 0; index < KEPT_MAX + 10; index += 1) announce(log, 'tick');
    expect((await read(url, 2, { 'last-event-id': '1000-3' })).slice(0, 2)).toEqual([
      '- gap',
      '1000-10 tick',
    ]);
    await close();
  });

  it('drops a client that reads too slowly, keeps nothing for it, and says so', async () => {
    const { log, url, close, clients } = await startStream();
    const { port } = new URL(url);
    const slow = connect(Number(port), '127.0.0.1');
    slow.pause();
    slow.write('GET /v1/events HTTP/1.1\r\nhost: localhost\r\n\r\n');
    await expect.poll(clients).toBe(1);
    for (let index = 0; index < 2 * KEPT_MAX; index += 1) announce(log, 'flood', null, 20_000);
    const text = await new Promise<string>((resolve) => {
      let all = '';
      slow.on('data', (chunk) => {
        all += chunk;
      });
      slow.once('close', () => resolve(all));
      slow.resume();
    });
    expect(text).toContain('event: overflow');
    expect(clients()).toBe(0);
    expect(text.length).toBeLessThan(KEPT_MAX * 20_000);
    await close();
  });

  it('takes a bounded number of clients', async () => {
    const { url, close, clients } = await startStream();
    const ended = new AbortController();
    const streams = Array.from({ length: 100 }, () => fetch(url, { signal: ended.signal }));
    await Promise.all(streams);
    expect(clients()).toBe(100);
    expect((await fetch(url)).status).toBeGreaterThanOrEqual(500);
    ended.abort();
    await close();
  });
});
