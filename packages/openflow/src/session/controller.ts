/** The controller side: a server that turns connections into switches. */
import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import type { Message } from '../codec.ts';
import { featuresRequest } from '../generated/of13/index.ts';
import type { Version } from '../versions.ts';
import { type App, configured } from './app.ts';
import { Connection, type ConnectionOptions } from './connection.ts';
import { Emitter } from './emitter.ts';
import { checkVersions } from './negotiation.ts';
import { Switch } from './switch.ts';
import { secureContextOf, type TlsOptions } from './tls.ts';
import type { MessageOf } from './types.ts';

export interface ControllerOptions<V extends Version = '1.3'> extends ConnectionOptions<V> {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 6653; 0 takes any free port. */
  readonly port?: number;
  /** Only TLS, with these certificates. */
  readonly tls?: TlsOptions;
  /**
   * What a second connection of one dpid does: `replace`, the default, ends the first; `keep` leaves both open, so
   * that the owner can ask which of them is alive. `switches` then names the first.
   */
  readonly sameDpid?: 'replace' | 'keep';
  /** How long the apps may configure a switch. Default 10,000. */
  readonly configureTimeoutMs?: number;
}

export interface ControllerEvents<V extends Version = '1.3'> {
  /** A switch is there. Add listeners before returning: what came before is delivered after. */
  switch: [sw: Switch<V>];
  /** A connection that never became a switch. */
  refused: [event: { readonly remote: string; readonly reason: string }];
}

/** IANA's port for OpenFlow. */
export const OPENFLOW_PORT = 6653;
/** Messages that may come before the handshake is over, as OFPT_PORT_STATUS does. */
const EARLY_MESSAGES_MAX = 256;
/** Connections that may be open at once. */
export const CONNECTIONS_MAX = 4096;
const CONFIGURE_TIMEOUT_MS = 10_000;

export class Controller<V extends Version = '1.3'> extends Emitter<ControllerEvents<V>> {
  private readonly server: Server;
  private readonly bySwitch = new Map<string, Switch<V>>();
  private readonly connections = new Set<Connection>();
  private readonly apps = new Set<App<V>>();

  constructor(private readonly options: ControllerOptions<V>) {
    super();
    checkVersions(options.versions);
    this.server = this.makeServer();
    this.server.maxConnections = CONNECTIONS_MAX;
  }

  /** The switches that are connected now, by dpid. */
  get switches(): ReadonlyMap<string, Switch<V>> {
    return this.bySwitch;
  }

  /** Adds an app for the switches that come from now on; call it before `listen`. */
  use(app: App<V>): this {
    this.apps.add(app);
    return this;
  }

  /** Starts listening; resolves with the address in use. */
  listen(): Promise<{ readonly host: string; readonly port: number }> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(this.options.port ?? OPENFLOW_PORT, this.options.host ?? '127.0.0.1', () => {
        this.server.off('error', reject);
        const address = this.server.address();
        if (address === null || typeof address === 'string')
          reject(new Error('the server has no TCP address'));
        else resolve({ host: address.address, port: address.port });
      });
    });
  }

  /** Ends all connections and stops listening. */
  async close(): Promise<void> {
    const stopped = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const connection of this.connections) connection.close('the controller closed');
    await stopped;
  }

  private makeServer(): Server {
    const { tls, handshakeTimeoutMs } = this.options;
    if (tls === undefined) {
      return createServer({ noDelay: true }, (socket) => this.adopt(socket, remoteOf(socket)));
    }
    const strict = tls.requirePeerCertificate ?? true;
    const server = createTlsServer(
      {
        ...secureContextOf(tls),
        noDelay: true,
        requestCert: strict,
        rejectUnauthorized: strict,
        ...(handshakeTimeoutMs === undefined ? {} : { handshakeTimeout: handshakeTimeoutMs }),
      },
      (socket) => this.adopt(socket, remoteOf(socket)),
    );
    // A peer with a wrong certificate, or none, or one that speaks no TLS at all.
    server.on('tlsClientError', (error: Error, socket: TLSSocket) => {
      this.emit('refused', { remote: remoteOf(socket), reason: `TLS: ${error.message}` });
    });
    return server;
  }

  /** Takes a connection made elsewhere; `remote` is for people to read. */
  adopt(stream: Duplex, remote: string): void {
    const connection = new Connection(stream, this.options);
    this.connections.add(connection);
    const early: [Message<Version>, number][] = [];
    const { timers, handshakeTimeoutMs } = connection.options;
    const deadline = timers.setTimeout(
      () => connection.destroy('the handshake took too long'),
      handshakeTimeoutMs,
    );
    const stopListening = connection.on('message', (message, xid) => {
      if (early.length < EARLY_MESSAGES_MAX) early.push([message, xid]);
      else connection.destroy('too many messages before the handshake was over');
    });
    const stopWaiting = connection.on('close', (event) => {
      timers.clearTimeout(deadline);
      this.emit('refused', { remote, reason: refusalReason(early) ?? event.reason });
    });
    connection.on('close', () => this.connections.delete(connection));
    connection.on('ready', () => {
      connection.request(featuresRequest(), handshakeTimeoutMs).then(
        (reply) => {
          timers.clearTimeout(deadline);
          stopListening();
          stopWaiting();
          this.admit(connection, reply as MessageOf<V, 'features_reply'>, remote, early);
        },
        (error: Error) => connection.destroy(error.message),
      );
    });
  }

  private admit(
    connection: Connection,
    features: MessageOf<V, 'features_reply'>,
    remote: string,
    early: readonly [Message<Version>, number][],
  ): void {
    // Before 1.3 nothing is said of auxiliary connections.
    const { auxiliaryId = 0, datapathId } = features as { auxiliaryId?: number; datapathId: string };
    if (auxiliaryId !== 0) {
      const main = this.bySwitch.get(datapathId);
      if (main !== undefined) main.adoptAuxiliary(auxiliaryId, connection);
      else this.refuse(connection, remote, 'an auxiliary connection came without its main one');
      return;
    }
    const sw = new Switch<V>(connection, features, remote);
    if ([...this.apps].every((app) => app.configure === undefined)) this.announce(connection, sw, early);
    else void this.configure(connection, sw, early);
  }

  private async configure(
    connection: Connection,
    sw: Switch<V>,
    early: readonly [Message<Version>, number][],
  ): Promise<void> {
    const { timers } = connection.options;
    const limitMs = this.options.configureTimeoutMs ?? CONFIGURE_TIMEOUT_MS;
    let deadline: unknown;
    const late = new Promise<string>((resolve) => {
      deadline = timers.setTimeout(
        () => resolve(`its configuration took longer than ${limitMs} ms`),
        limitMs,
      );
    });
    const reason = await Promise.race([configured(this.apps, sw), late]);
    timers.clearTimeout(deadline);
    if (reason !== undefined) this.refuse(connection, sw.remote, reason);
    else if (connection.isOpen) this.announce(connection, sw, early);
    else this.emit('refused', { remote: sw.remote, reason: 'it left while it was configured' });
  }

  private refuse(connection: Connection, remote: string, reason: string): void {
    connection.close(reason);
    this.emit('refused', { remote, reason });
  }

  private announce(
    connection: Connection,
    sw: Switch<V>,
    early: readonly [Message<Version>, number][],
  ): void {
    if (this.options.sameDpid !== 'keep') this.bySwitch.get(sw.dpid)?.close('the switch connected again');
    if (this.options.sameDpid !== 'keep' || !this.bySwitch.has(sw.dpid)) this.bySwitch.set(sw.dpid, sw);
    connection.on('close', () => {
      if (this.bySwitch.get(sw.dpid) === sw) this.bySwitch.delete(sw.dpid);
    });
    for (const app of this.apps) {
      const stop = app.start?.(sw);
      if (stop !== undefined) sw.on('close', stop);
    }
    this.emit('switch', sw);
    sw.begin(early);
  }
}

const remoteOf = (socket: Socket): string => `${socket.remoteAddress}:${socket.remotePort}`;

/** What the peer said before it left, when it said an error. */
function refusalReason(early: readonly [Message<Version>, number][]): string | undefined {
  const said = early.find(([message]) => message.type === 'error')?.[0];
  if (said?.type !== 'error') return undefined;
  return `the peer answered error type ${said.ofType} code ${said.ofCode}`;
}

/** A controller that does not listen yet. It speaks 1.3 unless `versions` says more. */
export function createController<V extends Version = '1.3'>(
  options: ControllerOptions<V> = {},
): Controller<V> {
  return new Controller(options);
}
