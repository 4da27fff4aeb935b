/**
 * JSON-RPC 1.0 over one socket, as RFC 7047 §4 uses it: both sides ask, replies carry the request's id, a
 * notification has the id null. One object lives as long as its socket; when that ends, everything pending is
 * rejected.
 */
import type { Duplex } from 'node:stream';
import { OvsdbError, protocolViolation } from './error.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject, jsonText } from './json.ts';
import { JsonSplitter, type SplitterLimits } from './json-splitter.ts';
import { nodeTimers, type Timers } from './timers.ts';

/** A transaction on a busy server takes milliseconds; ten seconds means that it hangs. */
export const REQUEST_TIMEOUT_MS = 10_000;
/** Silence after which the peer is asked for an echo; a second silence as long ends the connection. */
export const ECHO_INTERVAL_MS = 5000;
/** More than a controller with a thousand ports ever has under way. */
export const PENDING_REQUESTS_MAX = 1024;
/** What may wait for a peer that does not read. */
export const OUTBOX_BYTES_MAX = 16 * 1024 * 1024;

export interface RpcOptions extends SplitterLimits {
  /** For error texts. */
  readonly endpoint: string;
  readonly requestTimeoutMs?: number;
  readonly echoIntervalMs?: number;
  readonly timers?: Timers;
}
export interface RpcHandlers {
  onNotification(method: string, params: readonly Json[]): void;
  /** Once, when the socket is gone for whatever reason. */
  onClose(error: OvsdbError): void;
}

interface Pending {
  readonly method: string;
  /** Runs while the reply is read, before anything that the peer sent after it. */
  readonly settle: (result: Json) => void;
  readonly reject: (error: Error) => void;
  readonly cancelTimer: () => void;
}

export class RpcConnection {
  readonly #socket: Duplex;
  readonly #handlers: RpcHandlers;
  readonly #options: RpcOptions;
  readonly #timers: Timers;
  readonly #splitter: JsonSplitter;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #heardSinceProbe = true;
  #cancelProbe: () => void = () => {};
  #ended: OvsdbError | null = null;

  constructor(socket: Duplex, handlers: RpcHandlers, options: RpcOptions) {
    this.#socket = socket;
    this.#handlers = handlers;
    this.#options = options;
    this.#timers = options.timers ?? nodeTimers;
    this.#splitter = new JsonSplitter(options);
    socket.on('data', (chunk: Uint8Array) => this.#onData(chunk));
    socket.on('error', (cause: Error) => this.end(this.#disconnected(cause)));
    socket.on('close', () => this.end(this.#disconnected()));
    this.#armProbe();
  }

  /**
   * Asks. `decode` runs while the reply is read, so that state it sets is in place before later notifications.
   * Rejects with `request_refused`, `request_timed_out`, `disconnected`, `overloaded` or what `decode` throws.
   */
  request<T>(
    method: string,
    params: readonly Json[],
    decode: (result: Json) => T,
    timeoutMs: number = this.#options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
  ): Promise<T> {
    if (this.#ended) return Promise.reject(this.#ended);
    if (this.#pending.size >= PENDING_REQUESTS_MAX) return Promise.reject(overloaded('PENDING_REQUESTS_MAX'));
    if (this.#socket.writableLength > OUTBOX_BYTES_MAX) return Promise.reject(overloaded('OUTBOX_BYTES_MAX'));
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      const cancelTimer = this.#timers.after(timeoutMs, () => {
        this.#pending.delete(id);
        reject(new OvsdbError({ code: 'request_timed_out', method, afterMs: timeoutMs }));
      });
      this.#pending.set(id, {
        method,
        settle: (result) => resolve(decode(result)),
        reject,
        cancelTimer,
      });
      this.#write({ method, params, id });
    });
  }

  get isOpen(): boolean {
    return this.#ended === null;
  }

  /** Ends the connection; everything pending is rejected with this error. */
  end(error: OvsdbError): void {
    if (this.#ended) return;
    this.#ended = error;
    this.#cancelProbe();
    this.#socket.on('error', () => {});
    this.#socket.destroy();
    for (const pending of this.#pending.values()) {
      pending.cancelTimer();
      pending.reject(error);
    }
    this.#pending.clear();
    this.#handlers.onClose(error);
  }

  #onData(chunk: Uint8Array): void {
    this.#heardSinceProbe = true;
    try {
      for (const text of this.#splitter.push(chunk)) {
        if (this.#ended) return;
        this.#onMessage(parse(text));
      }
    } catch (error) {
      this.end(
        error instanceof OvsdbError ? error : protocolViolation('unreadable message', { cause: error }),
      );
    }
  }

  #onMessage(message: JsonObject): void {
    if (typeof message.method === 'string') this.#onRequest(message.method, message);
    else this.#onReply(message);
  }

  #onReply(message: JsonObject): void {
    if (typeof message.id !== 'number') throw protocolViolation('a reply without the id of a request');
    const pending = this.#pending.get(message.id);
    // A reply that comes after its request had timed out belongs to nobody.
    if (!pending) return;
    this.#pending.delete(message.id);
    pending.cancelTimer();
    try {
      if (message.error !== null && message.error !== undefined) throw refused(pending.method, message.error);
      pending.settle(message.result ?? null);
    } catch (error) {
      pending.reject(error instanceof Error ? error : protocolViolation(String(error)));
    }
  }

  #onRequest(method: string, message: JsonObject): void {
    const params = isJsonArray(message.params) ? message.params : [];
    const id = message.id ?? null;
    if (id === null) this.#handlers.onNotification(method, params);
    else this.#answer(method === 'echo' ? { result: params, error: null, id } : { ...UNKNOWN_METHOD, id });
  }

  #answer(reply: JsonObject): void {
    if (this.#socket.writableLength > OUTBOX_BYTES_MAX)
      throw protocolViolation('the peer asks and does not read the answers');
    this.#write(reply);
  }

  /** RFC 7047 §4.1.11: either side may ask the other whether it lives. */
  #armProbe(): void {
    this.#cancelProbe = this.#timers.after(this.#options.echoIntervalMs ?? ECHO_INTERVAL_MS, () => {
      if (!this.#heardSinceProbe) this.#probe();
      this.#heardSinceProbe = false;
      if (!this.#ended) this.#armProbe();
    });
  }

  #probe(): void {
    const silenceMs = this.#options.echoIntervalMs ?? ECHO_INTERVAL_MS;
    this.request('echo', [], () => undefined, silenceMs).catch((cause: Error) =>
      this.end(this.#disconnected(cause)),
    );
  }

  #write(message: JsonObject): void {
    this.#socket.write(JSON.stringify(message));
  }

  #disconnected(cause?: Error): OvsdbError {
    return new OvsdbError(
      { code: 'disconnected', endpoint: this.#options.endpoint, sent: true },
      cause ? { cause } : {},
    );
  }
}

function parse(text: string): JsonObject {
  const message = parseJson(text);
  if (!isJsonObject(message)) throw protocolViolation('a message that is no object');
  return message;
}

function parseJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw protocolViolation('a text that is not JSON', { cause });
  }
}

function refused(method: string, reply: Json): OvsdbError {
  const error = isJsonObject(reply) ? jsonText(reply.error) : jsonText(reply);
  return new OvsdbError({ code: 'request_refused', method, error, reply });
}

const UNKNOWN_METHOD = { result: null, error: 'unknown method' };
const LIMITS = { PENDING_REQUESTS_MAX, OUTBOX_BYTES_MAX };
const overloaded = (limit: keyof typeof LIMITS): OvsdbError =>
  new OvsdbError({ code: 'overloaded', limit, value: LIMITS[limit] });
