/** For tests: a TCP peer that says what the test tells it to. Answers `get_schema` by itself with two tables. */
import { createServer, type Server, type Socket } from 'node:net';
import type { Json, JsonObject } from '../json.ts';
import { isJsonArray, isJsonObject, jsonSource } from '../json.ts';
import { parseJson } from '../json-parse.ts';
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

export interface FakeStatus {
  readonly leader: boolean;
  readonly connected: boolean;
  readonly index?: number;
}
const STATUS_ROW = '00000000-0000-4000-8000-0000000000ff';

export class FakeServer {
  /** Every message received, in order, over all connections. */
  readonly received: JsonObject[] = [];
  answer: (method: string, params: Json) => Answer = () => undefined;
  /** What it says of itself in `_Server`; null: it is older than that. */
  status: FakeStatus | null = null;
  /** As in the first moment of an ovsdb-server: `_Server` has no row yet. */
  saysNothingYet = false;
  readonly #server: Server;
  #sockets: Socket[] = [];
  #port = 0;

  constructor() {
    this.#server = createServer({ noDelay: true }, (socket) => this.#serve(socket));
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
    const address = this.#server.address();
    if (address && typeof address === 'object') this.#port = address.port;
  }

  get endpoint(): string {
    return `tcp:127.0.0.1:${this.#port}`;
  }

  get connections(): number {
    return this.#sockets.length;
  }

  send(message: JsonObject | string): void {
    const text = typeof message === 'string' ? message : jsonSource(message);
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

  /** Tells everybody that it is something else now. */
  become(status: FakeStatus): void {
    const before = this.status ?? { leader: true, connected: true };
    this.status = status;
    const modify: Record<string, Json> = {};
    if (before.leader !== status.leader) modify.leader = status.leader;
    if (before.connected !== status.connected) modify.connected = status.connected;
    const updates = { Database: { [STATUS_ROW]: { modify } } };
    this.send({ method: 'update2', params: ['server-status', updates], id: null });
  }

  /** The question about `_Server` is answered apart: most tests are not about it. */
  #answerTo(message: JsonObject): Answer {
    const isAboutServer = isJsonArray(message.params) && message.params[0] === '_Server';
    if (isAboutServer) return this.#answerAboutServer();
    this.received.push(message);
    if (typeof message.method !== 'string') return undefined;
    if (message.method === 'get_schema') return { result: FAKE_SCHEMA };
    const answer = this.answer(message.method, message.params ?? null);
    if (answer || message.method !== 'monitor_cond_since') return answer;
    // As an Open vSwitch before 2.12, unless the test says otherwise.
    this.received.pop();
    return { error: 'unknown method' };
  }

  #answerAboutServer(): Answer {
    if (!this.status) return { error: 'unknown database' };
    const { leader, connected, index = null } = this.status;
    if (this.saysNothingYet) return { result: {} };
    const row: JsonObject = {
      name: 'fake',
      model: 'clustered',
      leader,
      connected,
      cid: ['uuid', STATUS_ROW],
      schema: jsonSource(FAKE_SCHEMA),
      ...(index === null ? {} : { index }),
    };
    return { result: { Database: { [STATUS_ROW]: { initial: row } } } };
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
        const message = parseJson(text);
        if (!isJsonObject(message)) continue;
        const answer = this.#answerTo(message);
        if (answer)
          socket.write(jsonSource({ result: null, error: null, ...answer, id: message.id ?? null }));
      }
    });
  }
}
