// Whatever a peer sends: only OvsdbError reaches the caller, nothing hangs, and the client is there afterwards.
import { Duplex } from 'node:stream';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OvsdbClient } from './client.ts';
import { OvsdbError } from './error.ts';
import { type Json, jsonSource } from './json.ts';
import { JsonSplitter } from './json-splitter.ts';
import { operations } from './operation.ts';
import { OUTBOX_BYTES_MAX, RpcConnection, TEXT_INTERVALS_MAX } from './rpc.ts';
import { map, one, optional, set } from './schema.ts';
import { parseServerSchema } from './server-schema.ts';
import { emptyTables, readUpdates, type UpdateFormat } from './table-state.ts';
import { failure } from './testing/failure.ts';
import { FAKE_DATABASE, FakeServer } from './testing/fake-server.ts';
import { ManualTimers } from './testing/manual-timers.ts';
import { readTransaction } from './transaction.ts';
import { decodeValue } from './value.ts';

const lamps = operations(FAKE_DATABASE);
const ROW = '00000000-0000-4000-8000-000000000001';

/** Close to what is legal, so that it gets far; names that every object inherits are among the keys. */
const names = fc.constantFrom(
  'Lamp',
  ROW,
  'colour',
  'watts',
  'notes',
  'initial',
  'insert',
  'modify',
  'new',
  'old',
  'rows',
  'count',
  'uuid',
  'error',
  'details',
  'tables',
  'columns',
  'type',
  'key',
  'name',
  'toString',
  'constructor',
  '__proto__',
  'hasOwnProperty',
);
const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 6, depthSize: 'medium' },
    fc.constantFrom<Json>(null, true, 0, 1.5, 2n ** 63n, '', 'set', 'map', 'uuid', 'integer', ROW),
    fc.string(),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(names, tie('json'), { maxKeys: 5, noNullPrototype: true }),
  ),
}));
/** What was thrown when it is not the one error that may be. */
const escaped = (run: () => unknown): unknown => {
  try {
    run();
    return null;
  } catch (error) {
    return error instanceof OvsdbError ? null : error;
  }
};

describe('reading what a peer sent', () => {
  const columns = [
    one('integer'),
    one('bigint'),
    one('real'),
    optional('uuid'),
    set('string'),
    map('string', 'integer'),
  ];
  const selection = { Lamp: ['colour', 'watts', 'notes'] };
  const readers: readonly ((value: Json) => unknown)[] = [
    ...columns.map((column) => (value: Json) => decodeValue(column, value)),
    parseServerSchema,
    ...(['update', 'update2'] satisfies UpdateFormat[]).map(
      (format) => (value: Json) =>
        readUpdates(FAKE_DATABASE, selection, emptyTables(selection), format, value),
    ),
    (value) =>
      readTransaction(
        [lamps.insert('Lamp', {}), lamps.select('Lamp', [], ['watts']), lamps.delete('Lamp', [])],
        value,
      ),
  ];
  it('throws nothing but OvsdbError', () => {
    fc.assert(
      fc.property(json, fc.nat(readers.length - 1), (value, index) => {
        expect(escaped(() => readers[index]?.(value))).toBeNull();
      }),
      { numRuns: 3000 },
    );
  });
  it('throws nothing but OvsdbError at any bytes', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc
        .constantFrom('{', '}', '[', ']', '"', '\\', '\\u12', '{"a":', '1e999', 'é')
        .map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const splitter = new JsonSplitter({ messageBytesMax: 200, depthMax: 8 });
        expect(escaped(() => pieces.map((bytes) => splitter.push(bytes)))).toBeNull();
      }),
      { numRuns: 2000 },
    );
  });
  it('keeps little memory for a text that comes byte by byte', () => {
    const splitter = new JsonSplitter();
    const before = process.memoryUsage().arrayBuffers;
    splitter.push(Buffer.from('["'));
    for (let sent = 0; sent < 300_000; sent += 1) splitter.push(Buffer.from('x'));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024);
    expect(splitter.push(Buffer.from('"]'))).toHaveLength(1);
  });
});

describe('a client of a hostile server', () => {
  let server: FakeServer;
  let client: OvsdbClient<typeof FAKE_DATABASE>;
  const connect = async (extra = {}) => {
    const reconnect = { delayMinMs: 1, delayMaxMs: 5 };
    client = await OvsdbClient.connect({
      endpoint: server.endpoint,
      database: FAKE_DATABASE,
      reconnect,
      ...extra,
    });
  };

  const benign = (method: string) =>
    method === 'monitor_cond' ? { result: {} } : method === 'echo' ? { result: [] } : undefined;
  const nextLoss = () =>
    new Promise<unknown>((resolve) => {
      const end = client.onStatus((status) => {
        if (status.kind !== 'disconnected') return;
        end();
        resolve(status.error.code);
      });
    });

  beforeEach(async () => {
    server = new FakeServer();
    await server.listen();
  });
  afterEach(async () => {
    client.close();
    await server.stop();
  });

  it('gets an OvsdbError or an answer for every request, whatever the replies are', async () => {
    await connect();
    await fc.assert(
      fc.asyncProperty(json, json, async (result, error) => {
        server.answer = benign;
        await client.connected();
        server.answer = () => ({ result, error });
        const asked = [
          client.listDatabases(),
          client.transact([lamps.insert('Lamp', {}), lamps.select('Lamp', [], ['notes'])]),
          client.monitor({ Lamp: ['colour', 'notes'] }).then((view) => view.close()),
          client.lock('gate').then((lock) => lock.release()),
          client.getSchema(),
        ];
        for (const outcome of await Promise.allSettled(asked))
          if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(OvsdbError);
      }),
      { numRuns: 150 },
    );
  });

  it('survives any notification and any garbage', async () => {
    server.answer = benign;
    await connect();
    await client.monitor({ Lamp: ['colour', 'watts', 'notes'] });
    const notification = fc
      .tuple(
        fc.constantFrom('update', 'update2', 'update3', 'locked', 'stolen', 'monitor_canceled', 'echo'),
        json,
      )
      .map(([method, updates]) => jsonSource({ method, params: ['view-1', updates, updates], id: null }));
    const garbage = fc.oneof(
      notification,
      fc.string(),
      json.map(jsonSource),
      fc.constantFrom('}', '{"id":', '\u0000'),
    );
    await fc.assert(
      fc.asyncProperty(garbage, async (text) => {
        await client.connected();
        server.send(text);
        // Either this connection has read on to the reply, or a new one has been made.
        const outcome = await client.echo({ timeoutMs: 50 }).then(() => 'answered', codeOf);
        expect(['answered', 'disconnected', 'request_timed_out']).toContain(outcome);
        // A text that waits for its end has swallowed the reply; nothing but a new connection helps.
        if (outcome !== 'request_timed_out') return;
        const lost = nextLoss();
        server.cut();
        await lost;
      }),
      { numRuns: 100 },
    );
  });

  it('refuses a text that is too deep or too large, and comes back', async () => {
    await connect({ depthMax: 12, messageBytesMax: 10_000 });
    for (const text of ['['.repeat(13), `{"result":"${'x'.repeat(20_000)}`]) {
      const lost = nextLoss();
      server.send(text);
      expect(await lost).toBe('protocol_violation');
      await client.connected();
    }
  });
});

describe('a connection', () => {
  const socket = () => new Duplex({ read: () => {}, write: (_chunk, _encoding, done) => done() });
  const open = (peer: Duplex, timers: ManualTimers, ended: (error: OvsdbError) => void) =>
    new RpcConnection(
      peer,
      { onNotification: () => {}, onClose: ended },
      { endpoint: 'tcp:peer:1', echoIntervalMs: 1000, timers },
    );

  it('says that nothing was sent when it had ended before', async () => {
    const rpc = open(socket(), new ManualTimers(), () => {});
    rpc.end(new OvsdbError({ code: 'disconnected', endpoint: 'tcp:peer:1', sent: true }));
    expect(await failure(rpc.request('echo', [], () => undefined))).toMatchObject({
      code: 'disconnected',
      sent: false,
    });
  });

  it('leaves a peer whose text never ends, though bytes keep trickling', () => {
    const [peer, timers] = [socket(), new ManualTimers()];
    let reason: OvsdbError | null = null;
    open(peer, timers, (error) => {
      reason = error;
    });
    peer.emit('data', Buffer.from('{"slow":"'));
    for (let interval = 0; interval < TEXT_INTERVALS_MAX; interval += 1) {
      peer.emit('data', Buffer.from('x'));
      timers.advance(1000);
    }
    expect(reason).toBeNull();
    timers.advance(1000);
    expect(reason).toMatchObject({ code: 'protocol_violation' });
  });

  it('takes no more requests from us while the peer reads nothing, and leaves it when it goes on asking', async () => {
    const peer = new Duplex({ read: () => {}, write: () => {} });
    let reason: OvsdbError | null = null;
    const rpc = open(peer, new ManualTimers(), (error) => {
      reason = error;
    });
    const large = 'x'.repeat(OUTBOX_BYTES_MAX);
    const first = failure(rpc.request('transact', [large], () => undefined));
    expect(await failure(rpc.request('list_dbs', [], () => undefined))).toMatchObject({ code: 'overloaded' });
    peer.emit('data', Buffer.from('{"method":"echo","params":[],"id":"e"}'));
    expect(reason).toMatchObject({ code: 'protocol_violation' });
    expect(await first).toMatchObject({ code: 'disconnected', sent: true });
  });
});

const codeOf = (error: unknown) => (error instanceof OvsdbError ? error.code : error);
