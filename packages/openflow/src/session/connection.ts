/**
 * One OpenFlow connection, the same for both sides: framing, version negotiation, echo, pairing of replies,
 * answers to malformed messages. It relies on a reliable byte stream and nothing else, so TLS or a test's
 * pair of streams do as well as TCP.
 */
import type { Duplex } from 'node:stream';
import { decodeMessageAt, type Message } from '../codec.ts';
import { errorOf } from '../errors.ts';
import { OFPBRC, OFPET, OFPHFC } from '../generated/of13/constants.ts';
import { echoReply, echoRequest, errorMessage, type Hello, hello } from '../generated/of13/index.ts';
import { bytesOf } from '../runtime/bounds.ts';
import { neutralName } from '../runtime/error-numbers.ts';
import { ProtocolError } from '../runtime/protocol-error.ts';
import { type AnyCodec, codecOf, type Version, versionOf, wireVersion } from '../versions.ts';
import { Emitter } from './emitter.ts';
import { RequestError } from './failures.ts';
import { Framer, FramingError } from './framer.ts';
import { agreedVersion, versionsOf } from './negotiation.ts';
import { Output } from './output.ts';
import { type OnPart, Pending, REQUESTS_MAX } from './pending.ts';
import { systemTimers, type Timers } from './timers.ts';

export interface ConnectionOptions<V extends Version = '1.3'> {
  /** What this side speaks; the highest that both sides have is agreed. Default 1.3 alone. */
  readonly versions?: readonly V[];
  /** From the connection to an agreed version and identity. Default 5,000. */
  readonly handshakeTimeoutMs?: number;
  /** Default deadline of requests and batches. Default 10,000. */
  readonly requestTimeoutMs?: number;
  /** Silence after which an echo request is sent. Default 5,000. */
  readonly echoIntervalMs?: number;
  /** Silence after which the peer is dead. Default 15,000. */
  readonly echoTimeoutMs?: number;
  readonly timers?: Timers;
}

export const CONNECTION_DEFAULTS = {
  handshakeTimeoutMs: 5_000,
  requestTimeoutMs: 10_000,
  echoIntervalMs: 5_000,
  echoTimeoutMs: 15_000,
  timers: systemTimers,
} as const satisfies Omit<Required<ConnectionOptions>, 'versions'>;

export interface ConnectionEvents {
  /** Versions are agreed; messages may be sent. */
  ready: [];
  /** Everything received that is neither echo, hello nor the reply to a request. */
  message: [message: Message<Version>, xid: number];
  /** A malformed message; it was answered. */
  protocol_error: [error: ProtocolError];
  close: [event: { readonly reason: string }];
}

/** The specification asks that an error carries at least this much of what it answers. */
const ERROR_DATA_BYTES = 64;
/** How long a closed connection may take to hand over its last bytes. */
const CLOSE_GRACE_MS = 1_000;

export class Connection extends Emitter<ConnectionEvents> {
  readonly options: Omit<Required<ConnectionOptions>, 'versions'> & { readonly versions: readonly Version[] };
  private readonly output: Output;
  private readonly pending: Pending;
  private readonly framer = new Framer();
  /** Of the agreed version; before that of the highest that this side speaks. */
  private codec: AnyCodec;
  private lastXid = 0;
  private lastReceived: number;
  private echoTimer: unknown;
  private graceTimer: unknown;
  private state: 'negotiating' | 'open' | 'closing' | 'closed' = 'negotiating';
  private reason = 'the peer closed the connection';

  constructor(
    private readonly stream: Duplex,
    options: ConnectionOptions<Version> = {},
  ) {
    super();
    const versions = versionsOf(options.versions);
    this.options = { ...CONNECTION_DEFAULTS, ...options, versions };
    this.codec = codecOf(wireVersion(versions.at(-1) ?? '1.3')) as AnyCodec;
    this.output = new Output(stream, () => this.destroy('the peer does not read'));
    this.pending = new Pending(this.options.timers, () => this.codec);
    this.lastReceived = this.options.timers.now();
    stream.on('data', (chunk: Uint8Array) => this.receive(chunk));
    stream.on('error', (error) => this.destroy(error.message));
    stream.on('end', () => this.close());
    stream.on('close', () => this.closed());
    this.send(hello({ elements: [{ type: 'version_bitmap', versions: versions.map(wireVersion) }] }));
    this.watch();
  }

  get isOpen(): boolean {
    return this.state === 'open';
  }

  /** The agreed version. */
  get version(): Version {
    return versionOf(this.codec.version) ?? '1.3';
  }

  /** Bytes that wait for the peer to read. */
  get pendingBytes(): number {
    return this.output.pendingBytes;
  }

  /** Whether less than the high-water mark waits to be written. */
  get isReady(): boolean {
    return this.state === 'open' && this.output.isReady;
  }

  /** Sends and returns the xid. Nothing happens on a connection that has ended. */
  send(message: Message<Version>, xid = this.nextXid()): number {
    if (this.state === 'negotiating' || this.state === 'open') {
      this.output.send(message, xid, this.codec.version);
    }
    return xid;
  }

  /** Sends and waits for the reply with the same xid; fragments are joined. Rejects with RequestError. */
  request(
    message: Message<Version>,
    timeoutMs: number = this.options.requestTimeoutMs,
  ): Promise<Message<Version>> {
    return this.ask(message, (xid) => this.pending.add(message, xid, timeoutMs));
  }

  /**
   * The same for a reply of many fragments: each is handed on as it comes, and `timeoutMs` counts anew from each.
   * Resolves after the last one; an `onPart` that returns false ends it.
   */
  async requestParts(
    message: Message<Version>,
    onPart: OnPart,
    timeoutMs: number = this.options.requestTimeoutMs,
  ): Promise<void> {
    await this.ask(message, (xid) => this.pending.add(message, xid, timeoutMs, onPart));
  }

  private ask<T>(message: Message<Version>, wait: (xid: number) => Promise<T>): Promise<T> {
    if (this.state !== 'open') {
      return Promise.reject(new RequestError(message.type, { code: 'disconnected', reason: this.reason }));
    }
    if (this.pending.isFull) {
      const reason = `${REQUESTS_MAX} requests already wait`;
      return Promise.reject(new RequestError(message.type, { code: 'overrun', reason }));
    }
    const xid = this.nextXid();
    try {
      this.output.send(message, xid, this.codec.version);
    } catch (error) {
      return Promise.reject(error);
    }
    return wait(xid);
  }

  /** Resolves when less than the high-water mark waits to be written. */
  ready(): Promise<void> {
    return this.output.ready();
  }

  nextXid(): number {
    // They come round again after 2^32 messages, an hour at full speed, and a request may still wait.
    do this.lastXid = this.lastXid === 0xffffffff ? 1 : this.lastXid + 1;
    while (this.pending.has(this.lastXid));
    return this.lastXid;
  }

  /** Writes what waits, then ends the connection. */
  close(reason?: string): void {
    if (this.state === 'closing' || this.state === 'closed') return;
    if (reason !== undefined) this.reason = reason;
    this.output.flush();
    this.state = 'closing';
    this.stream.end();
    this.graceTimer = this.options.timers.setTimeout(() => this.stream.destroy(), CLOSE_GRACE_MS);
    this.pending.failAll({ code: 'disconnected', reason: this.reason });
  }

  /** Ends the connection at once. */
  destroy(reason: string): void {
    if (this.state === 'negotiating' || this.state === 'open') {
      this.reason = reason;
      this.state = 'closing';
    }
    this.stream.destroy();
  }

  private closed(): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    this.options.timers.clearTimeout(this.echoTimer);
    if (this.graceTimer !== undefined) this.options.timers.clearTimeout(this.graceTimer);
    this.output.release();
    this.pending.failAll({ code: 'disconnected', reason: this.reason });
    this.emit('close', { reason: this.reason });
  }

  private receive(chunk: Uint8Array): void {
    this.output.whileReading(() => {
      try {
        // Only whole messages are signs of life, or a byte now and then would keep a dead session open for hours.
        if (this.framer.push(chunk, this.onFrame)) this.lastReceived = this.options.timers.now();
      } catch (error) {
        if (!(error instanceof FramingError)) throw error;
        this.close(error.message);
      }
    });
  }

  private readonly onFrame = (view: DataView, off: number, end: number): void => {
    if (this.state === 'closing' || this.state === 'closed') return;
    try {
      const { version, xid, message } = decodeMessageAt(view, off, end, this.codec.version);
      this.dispatch(message, xid, version, end - off);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      if (this.state === 'negotiating' && error.detail.path.startsWith('hello')) {
        // What a hello says besides its header may be of later versions, and before 1.3.1 anything may stand there.
        this.negotiate(hello({ elements: [] }), view.getUint8(off), view.getUint32(off + 4));
      } else this.answerMalformed(error, view, off, end);
    }
  };

  private dispatch(message: Message<Version>, xid: number, version: number, bytes: number): void {
    switch (message.type) {
      case 'hello':
        if (this.state === 'negotiating') this.negotiate(message, version, xid);
        return;
      case 'echo_request':
        this.send(echoReply({ data: message.data }), xid);
        return;
      default:
        if (this.pending.take(message, xid, bytes) || message.type === 'echo_reply') return;
        this.emit('message', message, xid);
    }
  }

  private negotiate(message: Hello, version: number, xid: number): void {
    const { versions } = this.options;
    const verdict = agreedVersion(versions, message, version);
    if (verdict.agreed !== undefined) {
      this.codec = codecOf(verdict.agreed) as AnyCodec;
      this.state = 'open';
      this.emit('ready');
      return;
    }
    const said = new TextEncoder().encode(`this side speaks OpenFlow ${versions.join(', ')} only`);
    const answer = { ofType: OFPET.HELLO_FAILED, ofCode: OFPHFC.INCOMPATIBLE, data: said };
    this.send(errorMessage(answer), xid);
    this.close(`no common version: the peer speaks ${verdict.peer}`);
  }

  private answerMalformed(error: ProtocolError, view: DataView, off: number, end: number): void {
    const xid = end - off >= 8 ? view.getUint32(off + 4) : 0;
    const code = view.getUint8(off + 1);
    // An error is never answered with an error, or two peers could go on for ever.
    if (code !== this.codec.codes.error) this.refuseAs(error.detail.name, xid, bytesOf(view, off, end));
    this.pending.failMalformed(xid, code, error.message);
    this.emit('protocol_error', error);
  }

  /** Answers a message with an OFPT_ERROR of this name that carries the first bytes of `data`. */
  refuseAs(name: string, xid: number, data: Uint8Array): void {
    this.send(errorOf(name, this.version, data.subarray(0, ERROR_DATA_BYTES)), xid);
  }

  /** The same by type and code of 1.3 (see OpenflowError); one that nobody has named goes out as it is. */
  refuse(xid: number, ofType: number, ofCode: number, data: Uint8Array): void {
    const name = neutralName([ofType, ofCode]);
    if (name !== undefined) this.refuseAs(name, xid, data);
    else this.send(errorMessage({ ofType, ofCode, data: data.subarray(0, ERROR_DATA_BYTES) }), xid);
  }

  /** Answers a message that this side does not know. */
  refuseType(xid: number, data: Uint8Array): void {
    this.refuse(xid, OFPET.BAD_REQUEST, OFPBRC.BAD_TYPE, data);
  }

  /** Sends echo requests into silence, and gives up on a peer that stays silent. */
  private watch(): void {
    const { timers, echoIntervalMs, echoTimeoutMs } = this.options;
    this.echoTimer = timers.setTimeout(() => {
      const silence = timers.now() - this.lastReceived;
      if (silence >= echoTimeoutMs) {
        this.destroy(`no sign of life for ${Math.round(silence)} ms`);
        return;
      }
      if (this.state === 'open' && silence >= echoIntervalMs) this.send(echoRequest());
      this.watch();
    }, echoIntervalMs);
  }
}
