/** A switch as its controller sees it, from the end of the handshake to the end of the connection. */
import { encodeMessage, type Message } from '../codec.ts';
import { OFPCR_ROLE } from '../generated/constants.ts';
import {
  barrierRequest,
  type ErrorMessage,
  type Experimenter,
  type FeaturesReply,
  type FlowRemoved,
  type PacketIn,
  type PortStatus,
  type RoleReply,
  roleRequest,
} from '../generated/index.ts';
import type { Replies } from '../generated/messages.ts';
import type { ProtocolError } from '../runtime/protocol-error.ts';
import { Batches } from './batch.ts';
import type { Connection } from './connection.ts';
import { Emitter } from './emitter.ts';

export interface SwitchEvents {
  packet_in: [message: PacketIn];
  port_status: [message: PortStatus];
  flow_removed: [message: FlowRemoved];
  experimenter: [message: Experimenter, xid: number];
  /** An OFPT_ERROR that no request and no batch owns. */
  error: [message: ErrorMessage, xid: number];
  /** A malformed message. It was answered, and the connection goes on. */
  protocol_error: [error: ProtocolError];
  /** Everything that belongs to no request. */
  message: [message: Message, xid: number];
  close: [event: { readonly reason: string }];
}

export type ReplyTo<M extends Message> = M extends { readonly type: infer T extends keyof Replies }
  ? Replies[T]
  : Message;

export interface RequestOptions {
  /** Milliseconds until the request rejects as timed out. */
  readonly timeoutMs?: number;
}

export type Role = 'nochange' | 'equal' | 'master' | 'slave';
const ROLES = {
  nochange: OFPCR_ROLE.NOCHANGE,
  equal: OFPCR_ROLE.EQUAL,
  master: OFPCR_ROLE.MASTER,
  slave: OFPCR_ROLE.SLAVE,
} as const;

/** Messages of a batch between two looks at the output's high-water mark. */
const BATCH_STRIDE = 512;

export class Switch extends Emitter<SwitchEvents> {
  /** 16 lower-case hexadecimal digits. */
  readonly dpid: string;
  private readonly batches = new Batches();

  constructor(
    private readonly connection: Connection,
    readonly features: FeaturesReply,
    /** Address and port of the other end. */
    readonly remote: string,
  ) {
    super();
    this.dpid = features.datapathId;
    connection.on('message', (message, xid) => this.receive(message, xid));
    connection.on('protocol_error', (error) => this.emit('protocol_error', error));
    connection.on('close', (event) => this.emit('close', event));
  }

  get isOpen(): boolean {
    return this.connection.isOpen;
  }

  /** Bytes that wait for the switch to read. */
  get pendingBytes(): number {
    return this.connection.pendingBytes;
  }

  /** Sends without waiting and returns the xid. An error comes as the event `error` with that xid. */
  send(message: Message): number {
    return this.connection.send(message);
  }

  /**
   * Sends and resolves with the reply; a multipart resolves whole. Rejects with RequestError when the switch
   * refuses, the time is over or the connection ends.
   */
  request<M extends Message>(message: M, options: RequestOptions = {}): Promise<ReplyTo<M>> {
    return this.connection.request(message, options.timeoutMs) as Promise<ReplyTo<M>>;
  }

  /** Resolves when the switch has finished everything sent before. */
  async barrier(options: RequestOptions = {}): Promise<void> {
    await this.request(barrierRequest(), options);
  }

  /**
   * Sends all messages and one barrier. Resolves when all are in force; rejects with BatchError when some were
   * refused (the others are in force), with RequestError when nobody knows.
   */
  async sendBatch(messages: readonly Message[], options: RequestOptions = {}): Promise<void> {
    const batch = this.batches.open(messages);
    try {
      for (const [index, message] of messages.entries()) {
        const xid = this.connection.nextXid();
        batch.own(index, xid);
        this.connection.send(message, xid);
        if (index % BATCH_STRIDE === BATCH_STRIDE - 1) await this.connection.drain();
      }
      await this.barrier(options);
    } finally {
      batch.close();
    }
    batch.verdict();
  }

  /** Asks for a role. A generation older than the switch has seen is refused as OFPRRFC_STALE. */
  setRole(role: Role, generationId: bigint, options: RequestOptions = {}): Promise<RoleReply> {
    return this.request(roleRequest({ role: ROLES[role], generationId }), options);
  }

  /** Resolves when less than the high-water mark waits to be written. */
  drain(): Promise<void> {
    return this.connection.drain();
  }

  /** Writes what waits, then ends the connection. */
  close(reason = 'closed by this side'): void {
    this.connection.close(reason);
  }

  private receive(message: Message, xid: number): void {
    if (message.type === 'error' && this.batches.take(message, xid)) return;
    this.emit('message', message, xid);
    switch (message.type) {
      case 'packet_in':
        this.emit('packet_in', message);
        return;
      case 'port_status':
        this.emit('port_status', message);
        return;
      case 'flow_removed':
        this.emit('flow_removed', message);
        return;
      case 'experimenter':
        this.emit('experimenter', message, xid);
        return;
      case 'error':
        this.emit('error', message, xid);
        return;
      case 'unknown':
        this.connection.refuseType(xid, encodeMessage(message, xid));
        return;
      default:
        return;
    }
  }
}
