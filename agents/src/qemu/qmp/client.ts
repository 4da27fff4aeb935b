/**
 * A connection to one QEMU monitor. It lives until either side ends it and never reconnects by itself: whoever holds
 * it knows what an answer that never came means for what he was doing.
 */
import { connect as connectSocket, type Socket } from 'node:net';
import { z } from 'zod';
import { QmpError } from './error.ts';
import { type JsonStream, JsonStreamError, jsonStream } from './json-stream.ts';
import {
  type Greeting,
  greetingSchema,
  type QemuVersion,
  type QmpEvent,
  type ServerMessage,
  serverMessageSchema,
} from './messages.ts';

/** QEMU answers within milliseconds, but its main loop may stand still while a guest is stopped or a disk flushed. */
export const COMMAND_LIMIT_MS = 10_000;
const CONNECT_LIMIT_MS = 5000;
/** We ask one thing after the other; this many open questions mean that nobody answers. */
export const PENDING_MAX = 64;
/**
 * With eight commands in its queue QEMU stops reading, and then does not see an urgent one behind them either. So no
 * more than this many are sent before one is answered; the others wait here.
 */
export const UNANSWERED_MAX = 4;

export type QmpAddress = { readonly socketPath: string } | { readonly host: string; readonly port: number };

export interface QmpClientOptions {
  /** Hears every event from the first one on, in order. */
  readonly onEvent?: (event: QmpEvent) => void;
  readonly connectLimitMs?: number;
  readonly commandLimitMs?: number;
}

/** Commands beside the queue: carried out at once, even while QEMU's main loop stands still. */
const URGENT = 'oob';

interface Pending {
  readonly command: string;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: QmpError) => void;
  readonly timer: NodeJS.Timeout;
}

export class QmpClient {
  readonly #socket: Socket;
  readonly #stream: JsonStream = jsonStream();
  readonly #pending = new Map<number, Pending>();
  /** Ordinary commands that QEMU has, also those that nobody waits for any more. */
  readonly #unanswered = new Set<number>();
  /** Ordinary commands that it has not been sent yet. */
  readonly #held = new Map<number, string>();
  readonly #commandLimitMs: number;
  readonly #onEvent: (event: QmpEvent) => void;
  /** Resolves, never rejects, when the connection has ended; undefined when we ended it ourselves. */
  readonly closed: Promise<QmpError | undefined>;
  #resolveClosed: (reason: QmpError | undefined) => void = () => undefined;
  #greeted: ((greeting: Greeting) => void) | undefined;
  #lastId = 0;
  #isOver = false;
  #version: QemuVersion = { major: 0, minor: 0, micro: 0 };
  #hasUrgent = false;

  private constructor(socket: Socket, options: QmpClientOptions) {
    this.#socket = socket;
    this.#commandLimitMs = options.commandLimitMs ?? COMMAND_LIMIT_MS;
    this.#onEvent = options.onEvent ?? (() => undefined);
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('error', (cause) => this.#end(new QmpError('closed', `QMP: ${cause.message}`, { cause })));
    socket.on('close', () => this.#end(new QmpError('closed', 'QEMU closed the QMP connection')));
  }

  /** Connects and negotiates. @throws QmpError 'connect_failed' */
  static async connect(address: QmpAddress, options: QmpClientOptions = {}): Promise<QmpClient> {
    const limitMs = options.connectLimitMs ?? CONNECT_LIMIT_MS;
    const socket = connectSocket('socketPath' in address ? { path: address.socketPath } : address);
    const client = new QmpClient(socket, options);
    const greeting = new Promise<Greeting>((resolve) => {
      client.#greeted = resolve;
    });
    const where = 'socketPath' in address ? address.socketPath : `${address.host}:${address.port}`;
    const timer = setTimeout(
      () => client.#end(new QmpError('timed_out', `no greeting within ${limitMs} ms`)),
      limitMs,
    );
    try {
      const refusal = client.closed.then((reason) => {
        throw reason ?? new QmpError('closed', 'closed while connecting');
      });
      const { version, capabilities } = (await Promise.race([greeting, refusal])).QMP;
      client.#version = version.qemu;
      const enable = capabilities.includes(URGENT) ? { enable: [URGENT] } : {};
      await client.execute('qmp_capabilities', enable, z.unknown(), { limitMs });
      client.#hasUrgent = capabilities.includes(URGENT);
      return client;
    } catch (cause) {
      client.#end(undefined);
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new QmpError('connect_failed', `no QMP at ${where}: ${reason}`, { cause });
    } finally {
      clearTimeout(timer);
    }
  }

  get version(): QemuVersion {
    return this.#version;
  }

  get isOpen(): boolean {
    return !this.#isOver;
  }

  /**
   * Carries out one command. Without a schema the answer is left as it came.
   * @throws QmpError 'refused' with QEMU's class and description, 'timed_out', 'closed', 'protocol'
   */
  async execute<T = unknown>(
    command: string,
    args: Readonly<Record<string, unknown>> = {},
    schema?: z.ZodType<T>,
    options: { readonly limitMs?: number } = {},
  ): Promise<T> {
    const value = await this.#ask('execute', command, args, options.limitMs ?? this.#commandLimitMs);
    if (schema === undefined) return value as T; // T is unknown then.
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    throw new QmpError('protocol', `${command} was answered with ${z.prettifyError(parsed.error)}`, {
      command,
    });
  }

  /**
   * Overtakes everything that waits, and needs no main loop that moves: in a post-copy that one stands still as long
   * as a page is missing. Only commands that QEMU allows this for, and only where it can; else in turn.
   */
  urgently(command: string, args: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    return this.#ask(this.#hasUrgent ? 'exec-oob' : 'execute', command, args, this.#commandLimitMs);
  }

  /** Ends the connection; what still waits for an answer fails as `closed`. Idempotent. */
  close(): void {
    this.#end(undefined);
  }

  #ask(
    how: 'execute' | 'exec-oob',
    command: string,
    args: Readonly<Record<string, unknown>>,
    limitMs: number,
  ): Promise<unknown> {
    if (this.#isOver)
      return Promise.reject(new QmpError('closed', `${command}: the QMP connection is closed`, { command }));
    if (this.#pending.size >= PENDING_MAX)
      return Promise.reject(
        new QmpError('too_many', `${command}: ${PENDING_MAX} commands wait for QEMU`, { command }),
      );
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        this.#held.delete(id);
        reject(new QmpError('timed_out', `${command}: no answer within ${limitMs} ms`, { command }));
      }, limitMs);
      this.#pending.set(id, { command, resolve, reject, timer });
      const isBare = Object.keys(args).length === 0;
      const message = JSON.stringify({ [how]: command, ...(isBare ? {} : { arguments: args }), id });
      if (how === 'exec-oob') this.#socket.write(`${message}\n`);
      else {
        this.#held.set(id, message);
        this.#sendHeld();
      }
    });
  }

  #sendHeld(): void {
    for (const [id, message] of this.#held) {
      if (this.#hasUrgent && this.#unanswered.size >= UNANSWERED_MAX) return;
      this.#held.delete(id);
      this.#unanswered.add(id);
      this.#socket.write(`${message}\n`);
    }
  }

  #read(chunk: Uint8Array): void {
    try {
      for (const value of this.#stream.push(chunk)) {
        if (this.#isOver) return;
        this.#take(value);
      }
    } catch (cause) {
      if (!(cause instanceof JsonStreamError) && !(cause instanceof QmpError)) throw cause;
      this.#end(cause instanceof QmpError ? cause : new QmpError('protocol', cause.message, { cause }));
    }
  }

  #take(value: unknown): void {
    if (this.#greeted !== undefined) {
      const greeting = greetingSchema.safeParse(value);
      if (!greeting.success) throw new QmpError('protocol', 'what answered does not greet as QMP does');
      this.#greeted(greeting.data);
      this.#greeted = undefined;
      return;
    }
    const message = serverMessageSchema.safeParse(value);
    if (!message.success)
      throw new QmpError('protocol', `not a QMP message: ${z.prettifyError(message.error)}`);
    if ('event' in message.data) {
      const { event, data, timestamp } = message.data;
      this.#onEvent({ name: event, data, atSec: timestamp.seconds + timestamp.microseconds / 1e6 });
    } else this.#answered(message.data);
  }

  #answered(reply: Exclude<ServerMessage, { event: string }>): void {
    const { id } = reply;
    if (typeof id !== 'number' || id > this.#lastId) {
      const about = 'error' in reply ? reply.error.desc : 'a reply';
      throw new QmpError('protocol', `${about}: for a command that was never given`);
    }
    this.#unanswered.delete(id);
    this.#sendHeld();
    const pending = this.#pending.get(id);
    if (pending === undefined) return; // Nobody waits any more.
    this.#pending.delete(id);
    clearTimeout(pending.timer);
    if (!('error' in reply)) {
      pending.resolve(reply.return);
      return;
    }
    const { class: qmpClass, desc } = reply.error;
    const { command } = pending;
    pending.reject(new QmpError('refused', `${command}: ${desc}`, { command, qmpClass, desc }));
  }

  #end(reason: QmpError | undefined): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#socket.destroy();
    for (const { command, reject, timer } of this.#pending.values()) {
      clearTimeout(timer);
      const why = reason?.message ?? 'the QMP connection is closed';
      reject(new QmpError('closed', `${command}: ${why}`, { command, cause: reason }));
    }
    this.#pending.clear();
    this.#held.clear();
    this.#resolveClosed(reason);
  }
}
