/**
 * The switch side: connects to controllers and answers them. What every switch does the same way is done here
 * (hello, features, echo, barriers, configuration, roles); the rest is asked of the handler.
 */
import { connect as connectTcp } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { encodeMessage, type Message } from '../codec.ts';
import { OpenflowError } from '../errors.ts';
import { OFPBRC, OFPCR_ROLE, OFPET } from '../generated/of13/constants.ts';
import { barrierReply, getConfigReply } from '../generated/of13/index.ts';
import { UNENCODABLE } from '../runtime/error-numbers.ts';
import { type Version, wireVersion } from '../versions.ts';
import { AsyncConfig } from './async-config.ts';
import { BundleRefusal } from './bundle-refusal.ts';
import { Connection, type ConnectionOptions } from './connection.ts';
import { Emitter } from './emitter.ts';
import { fragmentsOf } from './fragments.ts';
import { checkVersions } from './negotiation.ts';
import { isModifying, Roles } from './roles.ts';
import { secureContextOf, type TlsOptions } from './tls.ts';
import type { MessageOf } from './types.ts';

/** Where a message came from. */
export interface Origin<V extends Version = '1.3'> {
  readonly version: V;
  /** The same number for all connections of one controller. */
  readonly controller: number;
}

export interface SwitchHandler<V extends Version = '1.3'> {
  /**
   * The replies to one message; an empty array when it asks for none, undefined when it is not known.
   * Throw OpenflowError to answer with that error.
   */
  answer(message: Message<V>, xid: number, origin: Origin<V>): readonly Message<V>[] | undefined;
  /** Sees every message first, also those that are answered here. True: it is ignored. May throw OpenflowError. */
  intercept?(message: Message<V>, origin: Origin<V>): boolean;
  /** The ports of a features reply before 1.3, as that version writes them. */
  ports?(version: V): readonly unknown[];
}

export interface DeviceOptions<V extends Version = '1.3'> extends ConnectionOptions<V> {
  /** 16 lower-case hexadecimal digits, not all zero. */
  readonly dpid: string;
  readonly nTables?: number;
  readonly nBuffers?: number;
  /** OFPC_* */
  readonly capabilities?: number;
  readonly handler: SwitchHandler<V>;
}

export interface Address {
  readonly host: string;
  readonly port: number;
  readonly tls?: TlsOptions;
  /** From 1.3: an auxiliary connection of that number, beside a main one to the same controller. Default 0, a main one. */
  readonly auxiliaryId?: number;
}

export interface DeviceEvents {
  /** A controller is connected and versions are agreed. */
  connected: [remote: string];
  disconnected: [event: { readonly remote: string; readonly reason: string }];
}

/** Controllers that one switch may have at once, and auxiliary connections with them. */
const CONNECTIONS_MAX = 64;

interface Peer {
  readonly auxiliaryId: number;
  readonly controller: number;
  /** Made when the version is agreed. */
  asyncConfig?: AsyncConfig;
}

export class Device<V extends Version = '1.3'> extends Emitter<DeviceEvents> {
  private readonly connections = new Map<Connection, Peer>();
  private readonly controllers = new Map<string, number>();
  private readonly roles = new Roles<Connection>();
  private config = { flags: 0, missSendLen: 128 };

  constructor(private readonly options: DeviceOptions<V>) {
    super();
    checkVersions(options.versions);
  }

  /** Connects to one more controller; resolves when versions are agreed, rejects when that fails. */
  connect(address: Address): Promise<void> {
    if (this.connections.size >= CONNECTIONS_MAX) {
      return Promise.reject(new Error(`a switch has at most ${CONNECTIONS_MAX} connections`));
    }
    return this.adopt(streamTo(address), `${address.host}:${address.port}`, address.auxiliaryId);
  }

  /** The same over a stream made elsewhere; `remote` is for people to read, and names the controller. */
  adopt(stream: Duplex, remote: string, auxiliaryId = 0): Promise<void> {
    const connection = new Connection(stream, this.options);
    this.connections.set(connection, { auxiliaryId, controller: this.controllerAt(remote) });
    connection.on('message', (message, xid) => this.receive(connection, message as Message<V>, xid));
    const { timers, handshakeTimeoutMs } = connection.options;
    const deadline = timers.setTimeout(
      () => connection.destroy('the handshake took too long'),
      handshakeTimeoutMs,
    );
    return new Promise((resolve, reject) => {
      connection.on('ready', () => {
        timers.clearTimeout(deadline);
        if (auxiliaryId === 0) this.roles.add(connection);
        const peer = this.connections.get(connection);
        if (peer !== undefined) peer.asyncConfig = new AsyncConfig(connection.version);
        this.emit('connected', remote);
        resolve();
      });
      connection.on('close', ({ reason }) => {
        timers.clearTimeout(deadline);
        this.connections.delete(connection);
        this.roles.remove(connection);
        this.emit('disconnected', { remote, reason });
        reject(new Error(`${remote}: ${reason}`));
      });
    });
  }

  private controllerAt(remote: string): number {
    const known = this.controllers.get(remote) ?? this.controllers.size;
    this.controllers.set(remote, known);
    return known;
  }

  /**
   * Sends an asynchronous message to every controller whose role and configuration let it hear it. A function is asked
   * for the message of each version; undefined leaves that controller out.
   */
  send(message: Message<V> | ((version: V) => Message<V> | undefined)): void {
    for (const [connection, { auxiliaryId, asyncConfig }] of this.connections) {
      if (auxiliaryId !== 0 || !connection.isOpen) continue;
      const own = typeof message === 'function' ? message(connection.version as V) : message;
      const isSlave = this.roles.of(connection) === OFPCR_ROLE.SLAVE;
      if (own !== undefined && asyncConfig?.allows(own, isSlave) === true) connection.send(own, 0);
    }
  }

  /** Ends all connections and waits until they are closed. */
  async close(): Promise<void> {
    const all = [...this.connections.keys()];
    const closings = all.map(
      (connection) => new Promise<void>((resolve) => connection.on('close', () => resolve())),
    );
    for (const connection of all) connection.close('the switch closed');
    await Promise.all(closings);
  }

  private receive(connection: Connection, message: Message<V>, xid: number): void {
    try {
      for (const reply of this.answer(connection, message, xid)) {
        for (const fragment of fragmentsOf(reply, connection.version)) connection.send(fragment, xid);
      }
    } catch (error) {
      if (!(error instanceof OpenflowError)) throw error;
      if (error instanceof BundleRefusal) {
        const { inner } = error;
        refuse(connection, inner.error, inner.xid, inner.message);
      }
      refuse(connection, error, xid, message);
    }
  }

  private answer(connection: Connection, message: Message<V>, xid: number): readonly Message<Version>[] {
    const origin = this.originOf(connection);
    if (this.options.handler.intercept?.(message, origin) === true) return [];
    switch (message.type) {
      case 'features_request':
        return [this.features(connection)];
      case 'barrier_request':
        // Messages are handled in order and to the end, so everything before is finished.
        return [barrierReply()];
      case 'get_config_request':
        return [getConfigReply(this.config)];
      case 'set_config': {
        const { flags, missSendLen } = message as MessageOf<Version, 'set_config'>;
        this.config = { flags, missSendLen };
        return [];
      }
      case 'role_request':
        return [this.roles.change(connection, message as MessageOf<Version, 'role_request'>)];
      case 'nx_role_request':
        return [this.nxRole(connection, message as MessageOf<Version, 'nx_role_request'>)];
      case 'get_async_request':
        return [this.asyncConfigOf(connection).reply()];
      case 'set_async':
      case 'nx_set_async_config':
      case 'nx_set_async_config2':
        this.asyncConfigOf(connection).take(message);
        return [];
      case 'error':
        return [];
      default:
        return this.handled(connection, message, xid, origin);
    }
  }

  private asyncConfigOf(connection: Connection): AsyncConfig {
    return this.connections.get(connection)?.asyncConfig ?? new AsyncConfig(connection.version);
  }

  /** Nicira's numbers are one less, and there are no generations. */
  private nxRole(
    connection: Connection,
    { role }: MessageOf<Version, 'nx_role_request'>,
  ): MessageOf<Version, 'nx_role_reply'> {
    return { type: 'nx_role_reply', role: this.roles.set(connection, role + 1) - 1 };
  }

  private originOf(connection: Connection): Origin<V> {
    return {
      version: connection.version as V,
      controller: this.connections.get(connection)?.controller ?? 0,
    };
  }

  private handled(
    connection: Connection,
    message: Message<V>,
    xid: number,
    origin: Origin<V>,
  ): readonly Message<Version>[] {
    if (isModifying(message) && this.roles.of(connection) === OFPCR_ROLE.SLAVE) {
      throw new OpenflowError(OFPET.BAD_REQUEST, OFPBRC.IS_SLAVE);
    }
    const replies = this.options.handler.answer(message, xid, origin);
    if (replies === undefined) throw new OpenflowError(OFPET.BAD_REQUEST, codeFor(message));
    return replies;
  }

  /** What a features reply says in each version. */
  private features(connection: Connection): Message<Version> {
    const { dpid, nTables = 254, nBuffers = 0, capabilities = 0, handler } = this.options;
    const head = { type: 'features_reply', datapathId: dpid, nBuffers, nTables, capabilities } as const;
    const { version } = connection;
    if (wireVersion(version) >= wireVersion('1.3')) {
      const auxiliaryId = this.connections.get(connection)?.auxiliaryId ?? 0;
      return { ...head, auxiliaryId, reserved: 0 } as Message<Version>;
    }
    const ports = handler.ports?.(version as V) ?? [];
    return { ...head, ...(version === '1.0' ? { actions: 0 } : { reserved: 0 }), ports } as Message<Version>;
  }
}

function refuse(
  connection: Connection,
  { ofType, ofCode, errorName }: OpenflowError,
  xid: number,
  message: Message<Version>,
): void {
  const data = encodeMessage(message, xid, connection.version);
  if (errorName === UNENCODABLE) connection.refuse(xid, ofType, ofCode, data);
  else connection.refuseAs(errorName, xid, data);
}

function streamTo({ host, port, tls }: Address): Duplex {
  if (tls === undefined) return connectTcp({ host, port, noDelay: true });
  const { serverName } = tls;
  const socket: TLSSocket = connectTls({
    host,
    port,
    ...secureContextOf(tls),
    rejectUnauthorized: tls.requirePeerCertificate ?? true,
    ...(serverName === undefined ? { checkServerIdentity: () => undefined } : { servername: serverName }),
  });
  socket.setNoDelay(true);
  return socket;
}

/** Which OFPBRC_* says that a message of this kind is not known. */
function codeFor(message: Message<Version>): number {
  if (message.type === 'experimenter' || message.type === 'experimenter_multipart_request') {
    return OFPBRC.BAD_EXPERIMENTER;
  }
  const isMultipart = message.type.endsWith('_request') && 'flags' in message;
  return isMultipart ? OFPBRC.BAD_MULTIPART : OFPBRC.BAD_TYPE;
}

/** A switch that is not connected yet. It speaks 1.3 unless `versions` says more. */
export function createSwitch<V extends Version = '1.3'>(options: DeviceOptions<V>): Device<V> {
  return new Device(options);
}
