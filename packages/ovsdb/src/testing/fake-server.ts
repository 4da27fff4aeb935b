/** For tests: a TCP or TLS peer that says what the test tells it to. Answers `get_schema` by itself with two tables. */
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import type { Json, JsonObject } from '../json.ts';
import { isJsonObject } from '../json.ts';
import { JsonSplitter } from '../json-splitter.ts';
import { map, one, optional } from '../schema.ts';

export const FAKE_DATABASE = {
  name: 'fake',
  tables: { Lamp: { colour: one('string'), watts: optional('integer'), notes: map('string', 'string') } },
} as const;

const FAKE_SCHEMA: Json = {
  name: 'fake',
  version: '1.0.0',
  tables: {
    Lamp: {
      columns: {
        colour: { type: 'string' },
        watts: { type: { key: 'integer', min: 0, max: 1 } },
        notes: { type: { key: 'string', value: 'string', min: 0, max: 'unlimited' } },
      },
    },
  },
};

/** What to answer; undefined: nothing. */
export type Answer = { readonly result: Json } | { readonly error: Json } | undefined;

export class FakeServer {
  /** Every message received, in order, over all connections. */
  readonly received: JsonObject[] = [];
  answer: (method: string, params: Json) => Answer = () => undefined;
  readonly #server: Server;
  #sockets: Socket[] = [];
  #port = 0;

  readonly #scheme: 'tcp' | 'ssl';

  constructor(tls?: TlsOptions) {
    const serve = (socket: Socket) => this.#serve(socket);
    this.#scheme = tls ? 'ssl' : 'tcp';
    this.#server = tls ? createTlsServer(tls, serve) : createServer(serve);
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
    const address = this.#server.address();
    if (address && typeof address === 'object') this.#port = address.port;
  }

  get endpoint(): string {
    return `${this.#scheme}:127.0.0.1:${this.#port}`;
  }

  get connections(): number {
    return this.#sockets.length;
  }

  send(message: JsonObject | string): void {
    const text = typeof message === 'string' ? message : JSON.stringify(message);
    for (const socket of this.#sockets) socket.write(text);
  }

  /** Cuts all connections and goes on listening. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Cuts all connections and refuses new ones; `listen` comes back on the same port. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.cut();
    await closed;
  }

  #serve(socket: Socket): void {
    const splitter = new JsonSplitter();
    this.#sockets.push(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#sockets = this.#sockets.filter((other) => other !== socket);
    });
    socket.on('data', (chunk) => {
      for (const text of splitter.push(chunk)) {
        const message = JSON.parse(text) as Json;
        if (!isJsonObject(message)) continue;
        this.received.push(message);
        if (typeof message.method !== 'string') continue;
        const answer =
          message.method === 'get_schema'
            ? { result: FAKE_SCHEMA }
            : this.answer(message.method, message.params ?? null);
        if (answer) socket.write(JSON.stringify({ result: null, error: null, ...answer, id: message.id }));
      }
    });
  }
}
