/**
 * The switch side: connects to controllers and answers them. What every switch does the same way is done here
 * (hello, features, echo, barriers, configuration, roles); the rest is asked of the handler.
 */
import { connect as connectTcp } from 'node:net';
import type { Duplex } from 'node:stream';
import { encodeMessage, type Message } from '../codec.ts';
import { OpenflowError } from '../errors.ts';
import { OFPBRC, OFPCR_ROLE, OFPET } from '../generated/constants.ts';
import { barrierReply, featuresReply, getConfigReply } from '../generated/index.ts';
import { Connection, type ConnectionOptions } from './connection.ts';
import { Emitter } from './emitter.ts';
import { fragmentsOf } from './fragments.ts';
import { isModifying, Roles } from './roles.ts';

export interface SwitchHandler {
  /**
   * The replies to one message; an empty array when it asks for none, undefined when it is not known.
   * Throw OpenflowError to answer with that error.
   */
  answer(message: Message, xid: number): readonly Message[] | undefined;
  /** Sees every message first, also those that are answered here. True: it is ignored. May throw OpenflowError. */
  intercept?(message: Message): boolean;
}

export interface DeviceOptions extends ConnectionOptions {
  /** 16 lower-case hexadecimal digits, not all zero. */
  readonly dpid: string;
  readonly nTables?: number;
  readonly nBuffers?: number;
  /** OFPC_* */
  readonly capabilities?: number;
  readonly handler: SwitchHandler;
}

export interface DeviceEvents {
  /** A controller is connected and versions are agreed. */
  connected: [remote: string];
  disconnected: [event: { readonly remote: string; readonly reason: string }];
}

/** Controllers that one switch may have at once. */
const CONTROLLERS_MAX = 64;

export class Device extends Emitter<DeviceEvents> {
  private readonly connections = new Set<Connection>();
  private readonly roles = new Roles<Connection>();
  private config = { flags: 0, missSendLen: 128 };

  constructor(private readonly options: DeviceOptions) {
    super();
  }

  /** Connects to one more controller; resolves when versions are agreed, rejects when that fails. */
  connect(address: { readonly host: string; readonly port: number }): Promise<void> {
    if (this.connections.size >= CONTROLLERS_MAX) {
      return Promise.reject(new Error(`a switch has at most ${CONTROLLERS_MAX} controllers`));
    }
    return this.adopt(connectTcp({ ...address, noDelay: true }), `${address.host}:${address.port}`);
  }

  /** The same over a stream made elsewhere, for example by TLS; `remote` is for people to read. */
  adopt(stream: Duplex, remote: string): Promise<void> {
    const connection = new Connection(stream, this.options);
    this.connections.add(connection);
    connection.on('message', (message, xid) => this.receive(connection, message, xid));
    return new Promise((resolve, reject) => {
      connection.on('ready', () => {
        this.roles.add(connection);
        this.emit('connected', remote);
        resolve();
      });
      connection.on('close', ({ reason }) => {
        this.connections.delete(connection);
        this.roles.remove(connection);
        this.emit('disconnected', { remote, reason });
        reject(new Error(`${remote}: ${reason}`));
      });
    });
  }

  /** Sends an asynchronous message to every controller whose role lets it hear it. */
  send(message: Message): void {
    for (const connection of this.connections) {
      const isSlave = this.roles.of(connection) === OFPCR_ROLE.SLAVE;
      if (connection.isOpen && (!isSlave || message.type === 'port_status')) connection.send(message, 0);
    }
  }

  /** Ends all connections and waits until they are closed. */
  async close(): Promise<void> {
    const closings = [...this.connections].map(
      (connection) => new Promise<void>((resolve) => connection.on('close', () => resolve())),
    );
    for (const connection of this.connections) connection.close('the switch closed');
    await Promise.all(closings);
  }

  private receive(connection: Connection, message: Message, xid: number): void {
    try {
      for (const reply of this.answer(connection, message, xid)) {
        for (const fragment of fragmentsOf(reply)) connection.send(fragment, xid);
      }
    } catch (error) {
      if (!(error instanceof OpenflowError)) throw error;
      connection.refuse(xid, error.ofType, error.ofCode, encodeMessage(message, xid));
    }
  }

  private answer(connection: Connection, message: Message, xid: number): readonly Message[] {
    if (this.options.handler.intercept?.(message) === true) return [];
    switch (message.type) {
      case 'features_request':
        return [this.features()];
      case 'barrier_request':
        // Messages are handled in order and to the end, so everything before is finished.
        return [barrierReply()];
      case 'get_config_request':
        return [getConfigReply(this.config)];
      case 'set_config':
        this.config = { flags: message.flags, missSendLen: message.missSendLen };
        return [];
      case 'role_request':
        return [this.roles.change(connection, message)];
      case 'error':
        return [];
      default:
        return this.handled(connection, message, xid);
    }
  }

  private handled(connection: Connection, message: Message, xid: number): readonly Message[] {
    if (isModifying(message) && this.roles.of(connection) === OFPCR_ROLE.SLAVE) {
      throw new OpenflowError(OFPET.BAD_REQUEST, OFPBRC.IS_SLAVE);
    }
    const replies = this.options.handler.answer(message, xid);
    if (replies === undefined) throw new OpenflowError(OFPET.BAD_REQUEST, codeFor(message));
    return replies;
  }

  private features(): Message {
    const { dpid, nTables = 254, nBuffers = 0, capabilities = 0 } = this.options;
    return featuresReply({ datapathId: dpid, nTables, nBuffers, capabilities });
  }
}

/** Which OFPBRC_* says that a message of this kind is not known. */
function codeFor(message: Message): number {
  if (message.type === 'experimenter' || message.type === 'experimenter_multipart_request') {
    return OFPBRC.BAD_EXPERIMENTER;
  }
  const isMultipart = message.type.endsWith('_request') && 'flags' in message;
  return isMultipart ? OFPBRC.BAD_MULTIPART : OFPBRC.BAD_TYPE;
}

/** A switch that is not connected yet. */
export function createSwitch(options: DeviceOptions): Device {
  return new Device(options);
}
