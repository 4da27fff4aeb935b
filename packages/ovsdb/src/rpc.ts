/**
 * JSON-RPC 1.0 over one socket, as RFC 7047 §4 uses it: both sides ask, replies carry the request's id, a
 * notification has the id null. One object lives as long as its socket; when that ends, everything pending is
 * rejected.
 */
import type { Duplex } from 'node:stream';
import { asOvsdbError, OvsdbError, protocolViolation } from './error.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject, jsonSource, jsonText } from './json.ts';
import { parseJson } from './json-parse.ts';
import { JsonSplitter, type SplitterLimits } from './json-splitter.ts';
import { nodeTimers, type Timers } from './timers.ts';

/** A transaction on a busy server takes milliseconds; ten seconds means that it hangs. */
export const REQUEST_TIMEOUT_MS = 10_000;
/** Silence after which the peer is asked for an echo; a second silence as long ends the connection. */
export const ECHO_INTERVAL_MS = 5000;
/** How many of these intervals one text may take from its first byte to its last. */
export const TEXT_INTERVALS_MAX = 24;
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
export interface RequestOptions {
  readonly timeoutMs?: number | undefined;
  /** Gives a request up: the server is told to `cancel` it (RFC 7047 §4.1.4). */
  readonly signal?: AbortSignal | undefined;
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
  readonly release: () => void;
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
  #hasHeard = false;
  #intervalsInText = 0;
  #cancelProbe: () => void = () => {};
  #ended: OvsdbError | null = null;

  constructor(socket: Duplex, handlers: RpcHandlers, options: RpcOptions) {
    this.#socket = socket;
    this.#handlers = handlers;
    this.#options = options;
    this.#timers = options.timers ?? nodeTimers;
    this.#splitter = new JsonSplitter(options);
    socket.on('data', (chunk: Uint8Array) => this.#onData(chunk));
    socket.on('error', (cause: Error) => this.end(this.#disconnected(false, cause)));
    socket.on('close', () => this.end(this.#disconnected(false)));
    this.#armProbe();
  }

  /**
   * Asks. `decode` runs while the reply is read, so that state it sets is in place before later notifications.
   * Rejects with `request_refused`, `request_timed_out`, `cancelled`, `disconnected`, `closed`, `overloaded` or
   * what `decode` throws.
   */
  request<T>(
    method: string,
    params: readonly Json[],
    decode: (result: Json) => T,
    options: RequestOptions = {},
  ): Promise<T> {
    const { timeoutMs = this.#options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS, signal } = options;
    if (this.#ended) return Promise.reject(this.#disconnected(false, this.#ended));
    if (signal?.aborted) return Promise.reject(new OvsdbError({ code: 'cancelled', method, sent: false }));
    if (this.#pending.size >= PENDING_REQUESTS_MAX) return Promise.reject(overloaded('PENDING_REQUESTS_MAX'));
    if (this.#socket.writableLength > OUTBOX_BYTES_MAX) return Promise.reject(overloaded('OUTBOX_BYTES_MAX'));
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      const cancel = () => this.notify('cancel', [id]);
      const abort = () => this.#cancel(id, method);
      const cancelTimer = this.#timers.after(timeoutMs, () => {
        this.#pending.delete(id);
        signal?.removeEventListener('abort', abort);
        // A transaction that still waits on the server must not come true when nobody expects it any more.
        if (method === 'transact') cancel();
        reject(new OvsdbError({ code: 'request_timed_out', method, afterMs: timeoutMs }));
      });
      signal?.addEventListener('abort', abort, { once: true });
      this.#pending.set(id, {
        method,
        settle: (result) => resolve(decode(result)),
        reject,
        release: () => {
          cancelTimer();
          signal?.removeEventListener('abort', abort);
        },
      });
      this.#write({ method, params, id });
    });
  }

  /**
   * RFC 7047 §4.1.4 wants an answer to the cancelled request; Open vSwitch since 2.9 drops it without one. Messages
   * are read in order, so when a later echo is answered first, there is none to come.
   */
  #cancel(id: number, method: string): void {
    this.notify('cancel', [id]);
    this.request('echo', [], () => {
      const pending = this.#pending.get(id);
      this.#pending.delete(id);
      pending?.release();
      pending?.reject(new OvsdbError({ code: 'cancelled', method, sent: true }));
    }).catch(() => {});
  }

  /** Says something that nobody answers. */
  notify(method: string, params: readonly Json[]): void {
    if (!this.#ended && this.#socket.writableLength <= OUTBOX_BYTES_MAX)
      this.#write({ method, params, id: null });
  }

  get isOpen(): boolean {
    return this.#ended === null;
  }

  /** Whether the peer has said anything at all. */
  get hasHeard(): boolean {
    return this.#hasHeard;
  }

  /** Ends the connection. What is pending is rejected with an error that says that its outcome is unknown. */
  end(error: OvsdbError): void {
    if (this.#ended) return;
    this.#ended = error;
    this.#cancelProbe();
    this.#socket.on('error', () => {});
    this.#socket.destroy();
    const { detail } = error;
    const lost =
      detail.code === 'closed'
        ? new OvsdbError({ ...detail, sent: true })
        : this.#disconnected(true, detail.code === 'disconnected' ? error.cause : error);
    for (const pending of this.#pending.values()) {
      pending.release();
      pending.reject(lost);
    }
    this.#pending.clear();
    this.#handlers.onClose(error);
  }

  #onData(chunk: Uint8Array): void {
    this.#heardSinceProbe = true;
    this.#hasHeard = true;
    try {
      const texts = this.#splitter.push(chunk);
      if (texts.length > 0) this.#intervalsInText = 0;
      for (const text of texts) {
        if (this.#ended) return;
        this.#onMessage(parse(text));
      }
    } catch (error) {
      this.end(asOvsdbError(error));
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
    pending.release();
    try {
      if (message.error !== null && message.error !== undefined) throw refused(pending.method, message.error);
      pending.settle(message.result ?? null);
    } catch (error) {
      pending.reject(asOvsdbError(error));
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
      this.#checkProgress();
      if (!this.#heardSinceProbe) this.#probe();
      this.#heardSinceProbe = false;
      if (!this.#ended) this.#armProbe();
    });
  }

  /** Bytes that trickle into one text without an end are no sign of life. */
  #checkProgress(): void {
    this.#intervalsInText = this.#splitter.isInsideText ? this.#intervalsInText + 1 : 0;
    if (this.#intervalsInText > TEXT_INTERVALS_MAX)
      this.end(protocolViolation(`a JSON text without an end after ${TEXT_INTERVALS_MAX} echo intervals`));
  }

  #probe(): void {
    const silenceMs = this.#options.echoIntervalMs ?? ECHO_INTERVAL_MS;
    this.request('echo', [], () => undefined, { timeoutMs: silenceMs }).catch((cause: Error) =>
      this.end(this.#disconnected(false, cause)),
    );
  }

  #write(message: JsonObject): void {
    this.#socket.write(jsonSource(message));
  }

  #disconnected(sent: boolean, cause?: unknown): OvsdbError {
    const detail = { code: 'disconnected', endpoint: this.#options.endpoint, sent } as const;
    return new OvsdbError(detail, cause === undefined ? {} : { cause });
  }
}

function parse(text: string): JsonObject {
  const message = parseJson(text);
  if (!isJsonObject(message)) throw protocolViolation('a message that is no object');
  return message;
}

function refused(method: string, reply: Json): OvsdbError {
  const error = isJsonObject(reply) ? jsonText(reply.error) : jsonText(reply);
  // What a server says to a request that `cancel` has ended.
  if (error === 'canceled') return new OvsdbError({ code: 'cancelled', method, sent: true });
  return new OvsdbError({ code: 'request_refused', method, error, reply });
}

const UNKNOWN_METHOD = { result: null, error: 'unknown method' };
const LIMITS = { PENDING_REQUESTS_MAX, OUTBOX_BYTES_MAX };
const overloaded = (limit: keyof typeof LIMITS): OvsdbError =>
  new OvsdbError({ code: 'overloaded', limit, value: LIMITS[limit] });
