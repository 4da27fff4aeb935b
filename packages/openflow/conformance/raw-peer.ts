/** A bare OpenFlow connection: says hello, answers echoes, sends bytes and keeps what comes. No codec of ours. */
import { connect, type Socket } from 'node:net';
import type { WireVersion } from './ovs-ofctl.ts';

const HEADER_BYTES = 8;
const WAIT_MS_MAX = 10_000;
const LOOK_AGAIN_MS = 5;
const ECHO_REQUEST = 2;
const ECHO_REPLY = 3;
const EXPERIMENTER = 4;
const BUNDLE_ADD = 34;
const ONF = 0x4f4e4600;
const ONF_BUNDLE_ADD = 2301;

export class RawPeer {
  readonly received: Buffer[] = [];
  readonly sent: Buffer[] = [];
  private waiting: Buffer = Buffer.alloc(0);
  private nextXid = 0x1000;

  private constructor(
    readonly version: WireVersion,
    private readonly socket: Socket,
  ) {
    socket.on('data', (chunk) => this.cut(chunk));
    socket.on('error', () => socket.destroy());
  }

  static async open(path: string, version: WireVersion): Promise<RawPeer> {
    const socket = connect(path);
    const peer = new RawPeer(version, socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    peer.send(0, '');
    await peer.until(() => peer.received.some((bytes) => bytes[1] === 0), 'hello');
    return peer;
  }

  /** Sends one message of this type with this body in hexadecimal; returns its transaction id. */
  send(type: number, body: string): number {
    const content = Buffer.from(body.replace(/\s+/g, ''), 'hex');
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUInt8(this.version, 0);
    header.writeUInt8(type, 1);
    header.writeUInt16BE(HEADER_BYTES + content.length, 2);
    return this.forward(Buffer.concat([header, content]));
  }

  /** Sends a message of somebody else under a transaction id of this connection. */
  forward(bytes: Buffer): number {
    const xid = this.nextXid++;
    const copy = Buffer.from(bytes);
    copy.writeUInt32BE(xid, 4);
    const inner = innerMessageAt(copy);
    if (inner !== undefined && copy.length >= inner + HEADER_BYTES) copy.writeUInt32BE(xid, inner + 4);
    this.socket.write(copy);
    this.sent.push(copy);
    return xid;
  }

  /** Waits until the switch has worked through everything sent so far. */
  async barrier(): Promise<void> {
    const xid = this.send(this.version === 1 ? 18 : 20, '');
    await this.until(() => this.received.some((bytes) => bytes.readUInt32BE(4) === xid), 'barrier reply');
  }

  async until(isDone: () => boolean, what: string): Promise<void> {
    const deadline = Date.now() + WAIT_MS_MAX;
    while (!isDone()) {
      if (Date.now() > deadline || this.socket.destroyed) throw new Error(`no ${what} came`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }

  close(): void {
    this.socket.destroy();
  }

  private cut(chunk: Buffer): void {
    this.waiting = Buffer.concat([this.waiting, chunk]);
    while (this.waiting.length >= HEADER_BYTES) {
      const size = this.waiting.readUInt16BE(2);
      if (size < HEADER_BYTES) return void this.socket.destroy();
      if (this.waiting.length < size) return;
      const bytes = Buffer.from(this.waiting.subarray(0, size));
      this.waiting = this.waiting.subarray(size);
      this.received.push(bytes);
      if (bytes[1] === ECHO_REQUEST) {
        const reply = Buffer.from(bytes);
        reply.writeUInt8(ECHO_REPLY, 1);
        this.socket.write(reply);
      }
    }
  }
}

/** A message added to a bundle must bear the transaction id of what adds it. */
function innerMessageAt(bytes: Buffer): number | undefined {
  const version = bytes[0] ?? 0;
  if (version >= 5 && bytes[1] === BUNDLE_ADD) return 16;
  if (bytes.length < 16) return undefined;
  const isOnf = bytes[1] === EXPERIMENTER && bytes.readUInt32BE(8) === ONF;
  return isOnf && bytes.readUInt32BE(12) === ONF_BUNDLE_ADD ? 24 : undefined;
}
