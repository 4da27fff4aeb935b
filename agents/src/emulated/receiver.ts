/**
 * The destination's side of a migration: listens, fills a fresh incoming VM, checks the image and, on `go`, makes it
 * the VM. `go` can only come over the migration connection, so once that is closed without it the copy never runs.
 */
import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { encodeFrame, type Frame, FrameParser } from './frame.ts';
import {
  asMigrationFailure,
  INCOMING_CONNECT_LIMIT_MS,
  MigrationFailure,
  RESOLVE_LINGER_MS,
  type ReceiverEvent,
  type ReceiverOptions,
  STALL_LIMIT_MS,
  type ToReceiver,
  type ToSender,
  toReceiverSchema,
} from './migration-protocol.ts';
import type { VmClient } from './vm-client.ts';
import type { DeviceState } from './vm-protocol.ts';

/** Frames handed to the VM process and not answered yet; beyond it the socket is not read (64 KiB each). */
const WRITES_UNDER_WAY_MAX = 32;

interface Dependencies {
  readonly options: ReceiverOptions;
  /** Connected to an incoming VM process, which ends when this connection does. */
  readonly vm: VmClient;
  readonly report: (event: ReceiverEvent) => void;
  /** Everything is over, also the time in which the sender may ask. */
  readonly done: () => void;
}

type Phase = 'listening' | 'receiving' | 'intact' | 'activating' | 'resumed' | 'abandoned';

export class Receiver {
  readonly #options: ReceiverOptions;
  readonly #vm: VmClient;
  readonly #report: (event: ReceiverEvent) => void;
  readonly #done: () => void;
  readonly #server: Server;
  #phase: Phase = 'listening';
  #connection: Socket | undefined;
  #state: DeviceState | undefined;
  #activation: Promise<void> | undefined;
  #writesUnderWay = 0;
  #writes: Promise<void> = Promise.resolve();

  constructor({ options, vm, report, done }: Dependencies) {
    this.#options = options;
    this.#vm = vm;
    this.#report = report;
    this.#done = done;
    this.#server = createServer((socket) => this.#serve(socket));
    vm.closed.then(() => this.abandon(new MigrationFailure('internal', 'the incoming VM process is gone')));
  }

  /** Listens on a free port of the host's address and returns it. */
  listen(): Promise<number> {
    const lonely = setTimeout(
      () => this.abandon(new MigrationFailure('connect_failed', 'the source never connected')),
      INCOMING_CONNECT_LIMIT_MS,
    );
    this.#server.once('connection', () => clearTimeout(lonely));
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, this.#options.listenIp, () => {
        const address = this.#server.address();
        if (typeof address === 'object' && address !== null) resolve(address.port);
      });
    });
  }

  /** Promises never to run this copy. Too late after `go`: then it does nothing. */
  abandon(failure: MigrationFailure): void {
    if (this.#phase === 'activating' || this.#phase === 'resumed' || this.#phase === 'abandoned') return;
    // Only a sender that may have said `go` will ask what became of it.
    const lingerMs = this.#phase === 'intact' ? RESOLVE_LINGER_MS : 0;
    this.#end(failure, lingerMs);
  }

  #end(failure: MigrationFailure, lingerMs: number): void {
    this.#phase = 'abandoned';
    this.#report({ kind: 'failed', code: failure.code, detail: failure.message, vmRunning: false });
    if (this.#connection !== undefined && !this.#connection.destroyed) {
      const code = failure.code === 'integrity' ? 'integrity' : 'internal';
      this.#send(this.#connection, { op: 'refused', code, detail: failure.message });
      this.#connection.end();
    }
    this.#vm.close();
    setTimeout(this.#done, lingerMs);
  }

  #serve(socket: Socket): void {
    const parser = new FrameParser();
    let queue: Promise<void> = Promise.resolve();
    socket.setNoDelay(true);
    socket.setTimeout(STALL_LIMIT_MS, () => socket.destroy());
    socket.on('error', () => undefined); // `close` follows.
    socket.on('data', (chunk) => {
      try {
        for (const frame of parser.push(chunk))
          queue = queue.then(() => this.#take(socket, frame)).catch((error) => this.#broken(socket, error));
      } catch (error) {
        this.#broken(socket, error);
      }
    });
    socket.on('close', () => {
      // What arrived before the end counts, above all a `go`.
      queue.then(() => {
        if (socket === this.#connection)
          this.abandon(new MigrationFailure('connection_lost', 'the source has closed the connection'));
      });
    });
  }

  #broken(socket: Socket, error: unknown): void {
    if (socket === this.#connection) this.abandon(asMigrationFailure(error, 'connection_lost'));
    socket.destroy();
  }

  async #take(socket: Socket, frame: Frame): Promise<void> {
    const message = toReceiverSchema.parse(frame.message);
    if (message.op === 'hello') return this.#hello(socket, message);
    if (message.op === 'resolve') return this.#resolve(socket, message.migrationId);
    if (socket !== this.#connection || this.#phase === 'abandoned') return;
    switch (message.op) {
      case 'pages':
        return this.#write(socket, frame.body);
      case 'round_end':
        // Everything has arrived; that it is in the image, too, is awaited before the check.
        return this.#send(socket, { op: 'round_ack', round: message.round });
      case 'device_state':
        return this.#check(socket, message);
      case 'go':
        return this.#go(socket);
    }
  }

  #hello(socket: Socket, hello: Extract<ToReceiver, { op: 'hello' }>): void {
    const { migrationId, vmId, memoryBytes } = this.#options;
    const known =
      hello.migrationId === migrationId && hello.vmId === vmId && hello.memoryBytes === memoryBytes;
    if (!known || this.#phase !== 'listening') {
      const detail = known ? 'this migration has begun already' : 'another migration is expected here';
      this.#send(socket, { op: 'refused', code: 'unknown_migration', detail });
      socket.end();
      return;
    }
    this.#phase = 'receiving';
    this.#connection = socket;
    this.#send(socket, { op: 'welcome' });
  }

  #write(socket: Socket, records: Buffer): void {
    if (this.#phase !== 'receiving')
      throw new MigrationFailure('connection_lost', 'pages after the device state');
    this.#writesUnderWay += 1;
    if (this.#writesUnderWay >= WRITES_UNDER_WAY_MAX) socket.pause();
    const write = this.#vm.writePages(records).then(() => {
      this.#writesUnderWay -= 1;
      if (socket.isPaused() && this.#writesUnderWay < WRITES_UNDER_WAY_MAX / 2) socket.resume();
    });
    // The VM process answers in order, so the last write is the last to finish.
    this.#writes = write;
    write.catch((error) => this.abandon(asMigrationFailure(error, 'connection_lost')));
  }

  async #check(
    socket: Socket,
    { state, digest }: Extract<ToReceiver, { op: 'device_state' }>,
  ): Promise<void> {
    await this.#writes;
    const arrived = await this.#vm.digest();
    if (state.vm.vmId !== this.#options.vmId || arrived.digest !== digest)
      throw new MigrationFailure('integrity', 'the arrived image differs from the one at the source');
    this.#state = state;
    this.#phase = 'intact';
    this.#send(socket, { op: 'intact', checkedPages: arrived.pages });
  }

  async #go(socket: Socket): Promise<void> {
    if (this.#phase !== 'intact' || this.#state === undefined)
      throw new MigrationFailure('connection_lost', '`go` before the image was checked');
    this.#phase = 'activating';
    const { vm } = this.#state;
    this.#activation = this.#vm.activate(this.#state).then(
      () => {
        this.#phase = 'resumed';
        this.#report({ kind: 'resumed', vm });
        setTimeout(this.#done, RESOLVE_LINGER_MS);
      },
      (error) => this.#end(asMigrationFailure(error, 'internal'), RESOLVE_LINGER_MS),
    );
    await this.#activation;
    this.#sendOutcome(socket);
  }

  async #resolve(socket: Socket, migrationId: string): Promise<void> {
    if (migrationId !== this.#options.migrationId) {
      this.#send(socket, { op: 'refused', code: 'unknown_migration', detail: 'not received here' });
      return;
    }
    await this.#activation;
    this.abandon(new MigrationFailure('connection_lost', 'the source did not get an answer'));
    this.#sendOutcome(socket);
  }

  #sendOutcome(socket: Socket): void {
    if (this.#phase === 'resumed') this.#send(socket, { op: 'resumed' });
    else this.#send(socket, { op: 'not_resumed', detail: 'this copy was abandoned' });
  }

  #send(socket: Socket, message: ToSender): void {
    if (!socket.destroyed && socket.writable) socket.write(encodeFrame(message));
  }
}
