/** The sender's end of the migration connection: writes with back-pressure, waits for one kind of answer at a time. */
import { connect, type Socket } from 'node:net';
import { encodeFrame, FrameParser } from './frame.ts';
import {
  asMigrationFailure,
  MigrationFailure,
  STALL_LIMIT_MS,
  type ToReceiver,
  type ToSender,
  toSenderSchema,
} from './migration-protocol.ts';

const CONNECT_TIMEOUT_MS = 5000;
/** Bytes left to the socket before we wait: enough to keep the wire busy between two ticks. */
const WRITE_AHEAD_BYTES = 256 * 1024;

export class MigrationLink {
  readonly #socket: Socket;
  readonly #answers: ToSender[] = [];
  #failure: MigrationFailure | undefined;
  /** Called on every answer, drain or failure. */
  #wake: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    const parser = new FrameParser();
    socket.setNoDelay(true);
    socket.setTimeout(STALL_LIMIT_MS, () => this.fail('connection_lost', 'the connection stalls'));
    socket.on('data', (chunk) => {
      try {
        for (const { message } of parser.push(chunk)) this.#answers.push(toSenderSchema.parse(message));
      } catch (error) {
        this.#fail(asMigrationFailure(error, 'connection_lost'));
      }
      this.#wake();
    });
    socket.on('drain', () => this.#wake());
    socket.on('error', (error) => this.#fail(new MigrationFailure('connection_lost', error.message)));
    socket.on('close', () =>
      this.#fail(new MigrationFailure('connection_lost', 'the destination has closed')),
    );
  }

  /** @throws MigrationFailure 'connect_failed' */
  static connect(ip: string, port: number): Promise<MigrationLink> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: ip, port });
      const refuse = (message: string) => {
        clearTimeout(timer);
        socket.destroy();
        reject(new MigrationFailure('connect_failed', `${ip}:${port}: ${message}`));
      };
      const onError = (error: Error) => refuse(error.message);
      const timer = setTimeout(() => refuse('no answer'), CONNECT_TIMEOUT_MS);
      socket.once('error', onError);
      socket.once('connect', () => {
        clearTimeout(timer);
        socket.off('error', onError);
        resolve(new MigrationLink(socket));
      });
    });
  }

  /** Sends a frame and resolves when the next may be written. Returns its length. @throws MigrationFailure */
  async send(message: ToReceiver, body?: Buffer): Promise<number> {
    this.throwIfFailed();
    const frame = encodeFrame(message, body);
    this.#socket.write(frame);
    while (this.#socket.writableLength > WRITE_AHEAD_BYTES) await this.#news();
    return frame.length;
  }

  /** The next answer. @throws MigrationFailure when the connection ends first, or the receiver refuses */
  async answer(): Promise<Exclude<ToSender, { op: 'refused' }>> {
    for (;;) {
      const next = this.#answers.shift();
      if (next?.op === 'refused') throw new MigrationFailure(next.code, next.detail);
      if (next !== undefined) return next;
      await this.#news();
    }
  }

  /** Waits for one particular answer; another one is a broken protocol. */
  async expect<Op extends ToSender['op']>(op: Op): Promise<Extract<ToSender, { op: Op }>> {
    const next = await this.answer();
    if (next.op !== op) throw new MigrationFailure('connection_lost', `expected ${op}, got ${next.op}`);
    return next as Extract<ToSender, { op: Op }>;
  }

  /** Ends it with a reason of ours: whoever waits on this link gets it. */
  fail(code: MigrationFailure['code'], reason: string): void {
    this.#fail(new MigrationFailure(code, reason));
  }

  close(): void {
    this.#socket.end();
  }

  #fail(failure: MigrationFailure): void {
    this.#failure ??= failure;
    this.#socket.destroy();
    this.#wake();
  }

  /** @throws MigrationFailure when the connection has ended or `fail` was called */
  throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #news(): Promise<void> {
    this.throwIfFailed();
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    // What arrived before the end is still read first.
    if (this.#answers.length === 0) this.throwIfFailed();
  }
}
