/**
 * A QEMU monitor in two named pipes, PATH.in and PATH.out. QEMU holds both ends open, so what was negotiated once
 * holds for every process that comes after: it is the way in while QEMU's main loop stands still, when a socket's
 * monitor greets a newcomer and then answers nothing.
 */
import { constants, openSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { Socket } from 'node:net';
import { QmpError } from './error.ts';
import { jsonStream } from './json-stream.ts';
import { serverMessageSchema } from './messages.ts';

const COMMAND_LIMIT_MS = 5000;
/** Opened like this, a pipe needs nobody at its other end and never waits. */
const FLAGS = constants.O_RDWR | constants.O_NONBLOCK;

const LINE_FEED = 0x0a;

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: QmpError) => void;
}

export class UrgentPipe {
  readonly #to: FileHandle;
  readonly #from: Socket;
  readonly #pending = new Map<string, Pending>();
  #stream = jsonStream();
  #count = 0;

  private constructor(to: FileHandle, from: Socket) {
    this.#to = to;
    this.#from = from;
    from.on('data', (chunk) => this.#read(chunk));
    from.on('error', () => undefined);
  }

  /** @throws QmpError 'connect_failed' */
  static async open(path: string): Promise<UrgentPipe> {
    try {
      const to = await open(`${path}.in`, FLAGS);
      try {
        return new UrgentPipe(to, reader(`${path}.out`));
      } catch (cause) {
        await to.close();
        throw cause;
      }
    } catch (cause) {
      throw new QmpError('connect_failed', `no QMP pipes at ${path}`, { cause });
    }
  }

  /**
   * Has QEMU take urgent commands here from now on. An ordinary command: where the main loop stands still it waits
   * there, and an earlier one counts. That it has been negotiated already is an answer, too.
   */
  async negotiate(): Promise<void> {
    const command = 'qmp_capabilities';
    await this.#ask(command, { execute: command, arguments: { enable: ['oob'] } }).catch(() => undefined);
  }

  /** @throws QmpError 'refused' with QEMU's class and description, 'timed_out', 'closed' */
  execute(command: string, args: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    const isBare = Object.keys(args).length === 0;
    return this.#ask(command, { 'exec-oob': command, ...(isBare ? {} : { arguments: args }) });
  }

  close(): void {
    for (const [id, { reject }] of this.#pending) {
      this.#pending.delete(id);
      reject(new QmpError('closed', 'the QMP pipe is closed'));
    }
    this.#from.destroy();
    void this.#to.close().catch(() => undefined);
  }

  #ask(command: string, message: object): Promise<unknown> {
    this.#count += 1;
    // Answers to somebody before us may still lie in the pipe.
    const id = `${process.pid}-${performance.now()}-${this.#count}`;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => settle(() => reject(new QmpError('timed_out', `${command}: no answer`, { command }))),
        COMMAND_LIMIT_MS,
      );
      const settle = (how: () => void) => {
        clearTimeout(timer);
        this.#pending.delete(id);
        how();
      };
      this.#pending.set(id, {
        resolve: (value) => settle(() => resolve(value)),
        reject: (error) => settle(() => reject(error)),
      });
      this.#to.write(`${JSON.stringify({ ...message, id })}\n`).catch((cause: unknown) => {
        this.#pending.get(id)?.reject(new QmpError('closed', `${command}: not written`, { command, cause }));
      });
    });
  }

  #read(chunk: Uint8Array): void {
    try {
      for (const value of this.#stream.push(chunk)) this.#take(value);
    } catch {
      // Who read before us left off in the middle of a message; QEMU ends each with its line.
      this.#stream = jsonStream();
      const end = chunk.indexOf(LINE_FEED);
      if (end !== -1) this.#read(chunk.subarray(end + 1));
    }
  }

  #take(value: unknown): void {
    const message = serverMessageSchema.safeParse(value);
    if (!message.success || 'event' in message.data || typeof message.data.id !== 'string') return;
    const pending = this.#pending.get(message.data.id);
    if (!('error' in message.data)) pending?.resolve(message.data.return);
    else {
      const { class: qmpClass, desc } = message.data.error;
      pending?.reject(new QmpError('refused', desc, { qmpClass, desc }));
    }
  }
}

/** The socket owns what it reads from: a file handle beside it would close the number once more, whoever has it then. */
const reader = (path: string): Socket =>
  new Socket({ fd: openSync(path, FLAGS), readable: true, writable: false });
