/** A switch as its controller sees it, from the end of the handshake to the end of the connection. */
import { encodeMessage, type Message } from '../codec.ts';
import type { ProtocolError } from '../runtime/protocol-error.ts';
import type { Version } from '../versions.ts';
import { Batches } from './batch.ts';
import { type BundleOptions, runBundle } from './bundle.ts';
import type { Connection } from './connection.ts';
import { Early } from './early.ts';
import { Emitter } from './emitter.ts';
import { type Role, type RoleReplyOf, roleRequestFor } from './role-request.ts';
import { Stream, type StreamOptions } from './stream.ts';
import type { MessageOf, ReplyTo, RequestOptions } from './types.ts';

export interface SwitchEvents<V extends Version = '1.3'> {
  packet_in: [message: MessageOf<V, 'packet_in'>];
  port_status: [message: MessageOf<V, 'port_status'>];
  flow_removed: [message: MessageOf<V, 'flow_removed'>];
  experimenter: [message: MessageOf<V, 'experimenter'>, xid: number];
  /** An OFPT_ERROR that no request, batch or bundle owns. */
  error: [message: MessageOf<V, 'error'>, xid: number];
  /** A malformed message. It was answered, and the connection goes on. */
  protocol_error: [error: ProtocolError];
  /** Everything that belongs to no request, also from auxiliary connections. */
  message: [message: Message<V>, xid: number];
  /** An auxiliary connection came, under its auxiliary_id. */
  auxiliary: [id: number];
  close: [event: { readonly reason: string }];
}

/** Fragments that may wait for the reader of `parts`: as much as seven hundred thousand entries. */
export const PARTS_WAITING_MAX = 1024;

export class Switch<V extends Version = '1.3'> extends Emitter<SwitchEvents<V>> {
  /** 16 lower-case hexadecimal digits. */
  readonly dpid: string;
  /** Messages that `trySend` did not take because too much waits to be written. */
  droppedOut = 0;
  private readonly batches = new Batches();
  private readonly auxiliaries = new Map<number, Connection>();
  /** Until `begin`, what comes is kept. */
  private isEarly = true;

  constructor(
    private readonly connection: Connection,
    readonly features: MessageOf<V, 'features_reply'>,
    /** Address and port of the other end. */
    readonly remote: string,
    private readonly early: Early = new Early(),
  ) {
    super();
    this.dpid = (features as { readonly datapathId: string }).datapathId;
    connection.on('message', (message, xid) => {
      // Xids are counted anew on every connection, so errors of others are not about batches of this one.
      const isOwned = message.type === 'error' && this.batches.take(message, xid, connection.version);
      if (!isOwned) this.receive(message, xid, connection);
    });
    connection.on('protocol_error', (error) => this.emit('protocol_error', error));
    connection.on('close', (event) => {
      for (const auxiliary of this.auxiliaries.values()) auxiliary.close('its main connection ended');
      this.emit('close', event);
    });
  }

  get isOpen(): boolean {
    return this.connection.isOpen;
  }

  /** The agreed version. */
  get version(): V {
    return this.connection.version as V;
  }

  /** Messages that came before anybody listened, beyond what is kept. */
  get droppedIn(): number {
    return this.early.dropped;
  }

  /** Bytes that wait for the switch to read. */
  get pendingBytes(): number {
    return this.connection.pendingBytes;
  }

  /** Sends without waiting and returns the xid. An error comes as the event `error` with that xid. */
  send(message: Message<V>): number {
    return this.connection.send(message);
  }

  /** Sends unless too much waits to be written; false, and counted in `droppedOut`, when it was not sent. */
  trySend(message: Message<V>): boolean {
    if (this.connection.isReady) {
      this.connection.send(message);
      return true;
    }
    this.droppedOut += 1;
    return false;
  }

  /** Resolves when less than the high-water mark waits to be written. */
  ready(): Promise<void> {
    return this.connection.ready();
  }

  /**
   * Sends and resolves with the reply; a multipart resolves whole. Rejects with RequestError when the switch
   * refuses, the time is over or the connection ends.
   */
  request<M extends Message<V>>(message: M, options: RequestOptions = {}): Promise<ReplyTo<M, V>> {
    return this.connection.request(message, options.timeoutMs) as Promise<ReplyTo<M, V>>;
  }

  /**
   * The fragments of a long multipart one by one, as they come; `timeoutMs` counts anew from each. Leaving the loop
   * early is allowed. Rejects like `request`, and when more than PARTS_WAITING_MAX wait to be read.
   */
  async *parts<M extends Message<V>>(
    message: M,
    options: RequestOptions = {},
  ): AsyncGenerator<ReplyTo<M, V>, void, undefined> {
    const stream = new Stream<Message<Version>>({ highWaterMark: PARTS_WAITING_MAX });
    // What comes after the reader has left still belongs to this request, and is nobody's event.
    this.connection
      .requestParts(message, (part) => stream.push(part) || stream.hasEnded, options.timeoutMs)
      .then(
        () => stream.end(),
        (error: Error) => stream.end(error),
      );
    yield* stream as AsyncIterable<unknown> as AsyncIterable<ReplyTo<M, V>>;
  }

  /**
   * The events of one kind as an async iterator, until the switch leaves. At most `highWaterMark` (1,024) wait; what
   * comes beyond that is dropped and counted in `dropped`.
   */
  stream<K extends 'packet_in' | 'port_status' | 'flow_removed'>(
    event: K,
    options: StreamOptions = {},
  ): Stream<SwitchEvents<V>[K][0]> {
    const stream = new Stream<SwitchEvents<V>[K][0]>(options);
    const offs = [this.on(event, (message) => stream.push(message)), this.on('close', () => stream.end())];
    stream.onEnd(() => {
      for (const off of offs) off();
    });
    if (!this.isOpen) stream.end();
    return stream;
  }

  /** Resolves when the switch has finished everything sent before. */
  async barrier(options: RequestOptions = {}): Promise<void> {
    const barrier: { readonly type: 'barrier_request' } = { type: 'barrier_request' };
    await this.connection.request(barrier, options.timeoutMs);
  }

  /**
   * Sends all messages and one barrier. Resolves when all are in force; rejects with BatchError when some were
   * refused (the others are in force), with RequestError when nobody knows, with EncodeError when a message cannot be
   * written: those before it were sent, those after it not.
   */
  async sendBatch(messages: readonly Message<V>[], options: RequestOptions = {}): Promise<void> {
    const batch = this.batches.open(messages);
    try {
      await batch.send(this.connection);
      await this.barrier(options);
    } finally {
      batch.close();
    }
    batch.verdict();
  }

  /**
   * Puts all messages into force at once, or none of them (OpenFlow 1.4 bundles; in 1.3 the ONF extension). Rejects
   * with BatchError that names what was refused, with RequestError when nobody knows.
   */
  bundle(messages: readonly Message<V>[], options: BundleOptions = {}): Promise<void> {
    return runBundle(this.connection, this.batches, messages, options);
  }

  /**
   * Asks for a role; 1.0 and 1.1 have the Nicira extension for it. A generation older than the switch has seen is
   * refused as OFPRRFC_STALE.
   */
  async setRole(role: Role, generationId: bigint, options: RequestOptions = {}): Promise<RoleReplyOf<V>> {
    const request = roleRequestFor(this.connection.version, role, generationId);
    return (await this.connection.request(request, options.timeoutMs)) as RoleReplyOf<V>;
  }

  /** The auxiliary connections that are open, by their number. */
  get auxiliaryIds(): readonly number[] {
    return [...this.auxiliaries.keys()];
  }

  /** Sends over an auxiliary connection; over the main one when that number is not connected. */
  sendVia(auxiliaryId: number, message: Message<V>): number {
    return (this.auxiliaries.get(auxiliaryId) ?? this.connection).send(message);
  }

  /** Takes an auxiliary connection of this switch; one with the same number is ended. */
  adoptAuxiliary(id: number, connection: Connection, early = new Early()): void {
    this.auxiliaries.get(id)?.close('the auxiliary connection came again');
    this.auxiliaries.set(id, connection);
    const receive = (message: Message<Version>, xid: number) => this.receive(message, xid, connection);
    connection.on('message', receive);
    connection.on('protocol_error', (error) => this.emit('protocol_error', error));
    connection.on('close', () => {
      if (this.auxiliaries.get(id) === connection) this.auxiliaries.delete(id);
    });
    this.emit('auxiliary', id);
    early.deliver(receive);
  }

  /** Writes what waits, then ends the connection. */
  close(reason = 'closed by this side'): void {
    this.connection.close(reason);
  }

  /** Ends the connection at once. */
  destroy(reason: string): void {
    this.connection.destroy(reason);
  }

  /** Delivers what came before anybody listened, and from now on everything as it comes. */
  begin(): void {
    this.isEarly = false;
    this.early.deliver((message, xid) => this.receive(message, xid, this.connection));
  }

  private receive(message: Message<Version>, xid: number, via: Connection): void {
    if (this.isEarly) {
      this.early.push(message, xid);
      return;
    }
    // The connection accepts no other version than V.
    this.deliver(message as Message<V>, xid, via);
  }

  private deliver(message: Message<V>, xid: number, via: Connection): void {
    this.emit('message', message, xid);
    switch (message.type) {
      case 'packet_in':
      case 'port_status':
      case 'flow_removed':
        // The tag of the message names the event; that both are of one V the compiler cannot follow.
        this.emit(message.type, ...([message] as never));
        return;
      case 'experimenter':
      case 'error':
        // As above.
        this.emit(message.type, ...([message, xid] as never));
        return;
      case 'unknown':
        via.refuseType(xid, encodeMessage(message, xid, via.version));
        return;
      default:
        return;
    }
  }
}
