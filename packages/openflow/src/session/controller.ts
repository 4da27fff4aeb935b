/** The controller side: a server that turns connections into switches. */
import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { featuresRequest } from '../generated/of13/index.ts';
import type { Version } from '../versions.ts';
import { type App, configured, started } from './app.ts';
import { CONNECTION_DEFAULTS, Connection, type ConnectionOptions } from './connection.ts';
import { Early } from './early.ts';
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
/** Connections that may be open at once. */
export const CONNECTIONS_MAX = 4096;
const CONFIGURE_TIMEOUT_MS = 10_000;

export class Controller<V extends Version = '1.3'> extends Emitter<ControllerEvents<V>> {
  private readonly server: Server;
  private readonly bySwitch = new Map<string, Switch<V>>();
  /** Those that the apps configure: not announced yet, but their auxiliary connections may come. */
  private readonly inConfiguration = new Map<string, Switch<V>>();
  /** TCP connections in the handshake of TLS, by their other end: `close` does not wait for them. */
  private readonly handshaking = new Map<string, Socket>();
  private readonly connections = new Set<Connection>();
  private readonly apps = new Set<App<V>>();

  constructor(private readonly options: ControllerOptions<V>) {
    super();
    checkVersions(options.versions);
    this.server = this.makeServer();
    this.server.maxConnections = CONNECTIONS_MAX;
    // Without a listener a failed accept would end the process; a failure to listen is told by `listen`.
    this.server.on('error', (error) => {
      if (this.server.listening) this.emit('refused', { remote: 'unknown', reason: error.message });
    });
    this.server.on('drop', (data) => {
      const remote = `${data?.remoteAddress}:${data?.remotePort}`;
      this.emit('refused', { remote, reason: `${CONNECTIONS_MAX} connections are already open` });
    });
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
    for (const socket of this.handshaking.values()) socket.destroy();
    await stopped;
  }

  private makeServer(): Server {
    const { tls, handshakeTimeoutMs = CONNECTION_DEFAULTS.handshakeTimeoutMs } = this.options;
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
        handshakeTimeout: handshakeTimeoutMs,
      },
      (socket) => {
        const remote = remoteOf(socket);
        this.handshaking.delete(remote);
        this.adopt(socket, remote);
      },
    );
    server.on('connection', (socket: Socket) => {
      const remote = remoteOf(socket);
      this.handshaking.set(remote, socket);
      socket.once('close', () => this.handshaking.delete(remote));
    });
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
    const early = new Early();
    const { timers, handshakeTimeoutMs } = connection.options;
    const deadline = timers.setTimeout(
      () => connection.destroy('the handshake took too long'),
      handshakeTimeoutMs,
    );
    const stopListening = connection.on('message', (message, xid) => early.push(message, xid));
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
          if (!connection.isOpen) return;
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
    early: Early,
  ): void {
    // Before 1.3 nothing is said of auxiliary connections.
    const { auxiliaryId = 0, datapathId } = features as { auxiliaryId?: number; datapathId: string };
    if (auxiliaryId !== 0) {
      const main = this.inConfiguration.get(datapathId) ?? this.bySwitch.get(datapathId);
      if (main?.version === connection.version) main.adoptAuxiliary(auxiliaryId, connection, early);
      else if (main !== undefined)
        this.refuse(connection, remote, `its main connection speaks ${main.version}`);
      else this.refuse(connection, remote, 'an auxiliary connection came without its main one');
      return;
    }
    const sw = new Switch<V>(connection, features, remote, early);
    if ([...this.apps].every((app) => app.configure === undefined)) this.announce(connection, sw);
    else void this.configure(connection, sw);
  }

  private async configure(connection: Connection, sw: Switch<V>): Promise<void> {
    const { timers } = connection.options;
    const limitMs = this.options.configureTimeoutMs ?? CONFIGURE_TIMEOUT_MS;
    let deadline: unknown;
    const late = new Promise<string>((resolve) => {
      deadline = timers.setTimeout(
        () => resolve(`its configuration took longer than ${limitMs} ms`),
        limitMs,
      );
    });
    this.inConfiguration.set(sw.dpid, sw);
    const reason = await Promise.race([configured(this.apps, sw), late]);
    timers.clearTimeout(deadline);
    if (this.inConfiguration.get(sw.dpid) === sw) this.inConfiguration.delete(sw.dpid);
    if (reason !== undefined) this.refuse(connection, sw.remote, reason);
    else if (connection.isOpen) this.announce(connection, sw);
    else this.emit('refused', { remote: sw.remote, reason: 'it left while it was configured' });
  }

  private refuse(connection: Connection, remote: string, reason: string): void {
    connection.close(reason);
    this.emit('refused', { remote, reason });
  }

  private announce(connection: Connection, sw: Switch<V>): void {
    if (this.options.sameDpid !== 'keep') this.bySwitch.get(sw.dpid)?.close('the switch connected again');
    if (this.options.sameDpid !== 'keep' || !this.bySwitch.has(sw.dpid)) this.bySwitch.set(sw.dpid, sw);
    connection.on('close', () => {
      if (this.bySwitch.get(sw.dpid) === sw) this.bySwitch.delete(sw.dpid);
    });
    const reason = started(this.apps, sw);
    if (reason !== undefined) {
      this.refuse(connection, sw.remote, reason);
      return;
    }
    this.emit('switch', sw);
    sw.begin();
  }
}

const remoteOf = (socket: Socket): string => `${socket.remoteAddress}:${socket.remotePort}`;

/** What the peer said before it left, when it said an error. */
function refusalReason({ messages }: Early): string | undefined {
  const said = messages.find(([message]) => message.type === 'error')?.[0];
  if (said?.type !== 'error') return undefined;
  return `the peer answered error type ${said.ofType} code ${said.ofCode}`;
}

/** A controller that does not listen yet. It speaks 1.3 unless `versions` says more. */
export function createController<V extends Version = '1.3'>(
  options: ControllerOptions<V> = {},
): Controller<V> {
  return new Controller(options);
}
