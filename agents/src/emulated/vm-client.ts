/** A connection to a VM process: used by the driver, the sender and the receiver. */
import { connect, type Socket } from 'node:net';
import type { z } from 'zod';
import type { DirtyProfile } from '../config.ts';
import { encodeFrame, FrameParser } from './frame.ts';
import {
  type DeviceState,
  deviceStateSchema,
  type VmRequest,
  type VmStatus,
  vmReplySchema,
  vmStatusSchema,
} from './vm-protocol.ts';

/** A VM process that fills its image answers nothing for this long at most. */
const REPLY_TIMEOUT_MS = 10_000;

/** The VM process is gone, does not answer, or refuses. */
export class VmControlFailure extends Error {
  override readonly name = 'VmControlFailure';
  constructor(
    readonly code: 'gone' | 'timed_out' | 'refused',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

type Request = VmRequest extends infer R ? (R extends { id: number } ? Omit<R, 'id'> : never) : never;
interface Reply {
  readonly message: z.output<typeof vmReplySchema>;
  readonly body: Buffer;
}
interface Waiting {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

export class VmClient {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, Waiting>();
  readonly #closed: Promise<void>;
  #nextId = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    const parser = new FrameParser();
    socket.on('data', (chunk) => {
      try {
        for (const { message, body } of parser.push(chunk)) this.#settle(vmReplySchema.parse(message), body);
      } catch (error) {
        socket.destroy(error instanceof Error ? error : undefined);
      }
    });
    socket.on('error', () => undefined); // `close` follows.
    this.#closed = new Promise((resolve) => socket.once('close', () => resolve()));
    this.#closed.then(() => {
      for (const waiting of this.#waiting.values()) {
        clearTimeout(waiting.timer);
        waiting.reject(new VmControlFailure('gone', 'the VM process has closed its control socket'));
      }
      this.#waiting.clear();
    });
  }

  /** @throws VmControlFailure 'gone' when nobody listens there. */
  static connect(socketPath: string): Promise<VmClient> {
    return new Promise((resolve, reject) => {
      const socket = connect(socketPath);
      socket.once('connect', () => resolve(new VmClient(socket)));
      socket.once('error', (cause) =>
        reject(new VmControlFailure('gone', `no VM process at ${socketPath}`, { cause })),
      );
    });
  }

  /** Resolves when the connection has ended, from whichever side. */
  get closed(): Promise<void> {
    return this.#closed;
  }

  async status(): Promise<VmStatus> {
    return vmStatusSchema.parse((await this.#ask({ op: 'status' })).message.status);
  }

  syncBitmap = async (): Promise<Buffer> => (await this.#ask({ op: 'sync_bitmap' })).body;

  /** Page records of the pages; see PAGE_RECORD_BYTES. */
  async readPages(pages: Uint32Array): Promise<Buffer> {
    const numbers = Buffer.allocUnsafe(pages.length * 4);
    pages.forEach((page, at) => {
      numbers.writeUInt32LE(page, at * 4);
    });
    return (await this.#ask({ op: 'read_pages' }, numbers)).body;
  }

  writePages = async (records: Buffer): Promise<void> => this.#do({ op: 'write_pages' }, records);
  pause = (): Promise<void> => this.#do({ op: 'pause' });
  resume = (): Promise<void> => this.#do({ op: 'resume' });
  handOver = (): Promise<void> => this.#do({ op: 'hand_over' });
  takeBack = (): Promise<void> => this.#do({ op: 'take_back' });
  activate = (state: DeviceState): Promise<void> => this.#do({ op: 'activate', state });
  setDirtyProfile = (dirty: DirtyProfile): Promise<void> => this.#do({ op: 'set_dirty_profile', dirty });
  throttle = (share: number): Promise<void> => this.#do({ op: 'throttle', share });
  quit = (): Promise<void> => this.#do({ op: 'quit' });

  async exportState(): Promise<{ readonly state: DeviceState; readonly digest: string }> {
    const { message } = await this.#ask({ op: 'export_state' });
    return { state: deviceStateSchema.parse(message.state), digest: String(message.digest) };
  }

  async digest(): Promise<{ readonly digest: string; readonly pages: number }> {
    const { message } = await this.#ask({ op: 'digest' });
    return { digest: String(message.digest), pages: Number(message.pages) };
  }

  /** Recomputes all checksums; returns how many pages are damaged. */
  async verify(): Promise<number> {
    return Number((await this.#ask({ op: 'verify' })).message.damagedPages);
  }

  close(): void {
    this.#socket.destroy();
  }

  async #do(request: Request, body?: Buffer): Promise<void> {
    await this.#ask(request, body);
  }

  #ask(request: Request, body?: Buffer): Promise<Reply> {
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) {
        reject(new VmControlFailure('gone', 'the connection to the VM process is closed'));
        return;
      }
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new VmControlFailure('timed_out', `no answer to ${request.op}`));
      }, REPLY_TIMEOUT_MS);
      this.#waiting.set(id, { resolve, reject, timer });
      this.#socket.write(encodeFrame({ id, ...request }, body));
    });
  }

  #settle(message: z.output<typeof vmReplySchema>, body: Buffer): void {
    const waiting = this.#waiting.get(message.id);
    if (waiting === undefined) return;
    clearTimeout(waiting.timer);
    this.#waiting.delete(message.id);
    if (message.error === undefined) waiting.resolve({ message, body });
    else waiting.reject(new VmControlFailure('refused', message.error));
  }
}
