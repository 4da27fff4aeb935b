/** A loopback peer for ovs-ofctl: keeps every message that it sends and answers with canned bytes. */
import { createServer, type Server, type Socket } from 'node:net';
import { cannedReply, INITIAL_CONFIG } from './canned.ts';

const HEADER_BYTES = 8;
const HELLO = 0;
const SET_CONFIG = 9;

export class Listener {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private config: Buffer = INITIAL_CONFIG;
  private readonly messages: Buffer[] = [];
  /** Called after each message; a run that never ends by itself is ended from here. */
  onMessage: (count: number) => void = () => undefined;

  constructor(private readonly version: number) {
    this.server = createServer((socket) => this.accept(socket));
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('no TCP address');
    return address.port;
  }

  /** What came since the last call. */
  take(): readonly Buffer[] {
    return this.messages.splice(0);
  }

  close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private accept(socket: Socket): void {
    this.sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.sockets.delete(socket));
    // OFPT_HELLO without elements: the version in its header is the only one offered.
    socket.write(Uint8Array.of(this.version, 0, 0, HEADER_BYTES, 0, 0, 0, 0));
    let waiting = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
      while (waiting.length >= HEADER_BYTES) {
        const size = waiting.readUInt16BE(2);
        if (size < HEADER_BYTES) return void socket.destroy();
        if (waiting.length < size) return;
        this.receive(socket, Buffer.from(waiting.subarray(0, size)));
        waiting = waiting.subarray(size);
      }
    });
  }

  private receive(socket: Socket, bytes: Buffer): void {
    this.messages.push(bytes);
    this.onMessage(this.messages.length);
    const type = bytes[1];
    if (type === SET_CONFIG) this.config = bytes.subarray(HEADER_BYTES);
    const reply = type === HELLO ? undefined : cannedReply(bytes, this.config);
    if (reply !== undefined) socket.write(reply);
  }
}
