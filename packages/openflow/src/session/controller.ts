/** The controller side: a server that turns connections into switches. */
import { createServer, type Server } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Message } from '../codec.ts';
import { type FeaturesReply, featuresRequest } from '../generated/index.ts';
import { Connection, type ConnectionOptions } from './connection.ts';
import { Emitter } from './emitter.ts';
import { Switch } from './switch.ts';

export interface ControllerOptions extends ConnectionOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 6653; 0 takes any free port. */
  readonly port?: number;
  /**
   * What a second connection of one dpid does: `replace`, the default, ends the first; `keep` leaves both open, so
   * that the owner can ask which of them is alive. `switches` then names the first.
   */
  readonly sameDpid?: 'replace' | 'keep';
}

export interface ControllerEvents {
  /** A switch is there. Add listeners before returning: what came before is delivered after. */
  switch: [sw: Switch];
  /** A connection that never became a switch. */
  refused: [event: { readonly remote: string; readonly reason: string }];
}

/** IANA's port for OpenFlow. */
export const OPENFLOW_PORT = 6653;
/** Messages that may come before the handshake is over, as OFPT_PORT_STATUS does. */
const EARLY_MESSAGES_MAX = 256;
/** Connections that may be open at once. */
export const CONNECTIONS_MAX = 4096;

export class Controller extends Emitter<ControllerEvents> {
  private readonly server: Server;
  private readonly bySwitch = new Map<string, Switch>();
  private readonly connections = new Set<Connection>();

  constructor(private readonly options: ControllerOptions) {
    super();
    this.server = createServer({ noDelay: true }, (socket) =>
      this.adopt(socket, `${socket.remoteAddress}:${socket.remotePort}`),
    );
    this.server.maxConnections = CONNECTIONS_MAX;
  }

  /** The switches that are connected now, by dpid. */
  get switches(): ReadonlyMap<string, Switch> {
    return this.bySwitch;
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

  /** Takes a connection made elsewhere, for example by a TLS server; `remote` is for people to read. */
  adopt(stream: Duplex, remote: string): void {
    const connection = new Connection(stream, this.options);
    this.connections.add(connection);
    const early: [Message, number][] = [];
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
          this.admit(connection, reply as FeaturesReply, remote, early);
        },
        (error: Error) => connection.destroy(error.message),
      );
    });
  }

  private admit(
    connection: Connection,
    features: FeaturesReply,
    remote: string,
    early: [Message, number][],
  ): void {
    if (features.auxiliaryId !== 0) {
      connection.close('auxiliary connections are not supported');
      this.emit('refused', { remote, reason: 'auxiliary connections are not supported' });
      return;
    }
    const sw = new Switch(connection, features, remote);
    if (this.options.sameDpid !== 'keep') this.bySwitch.get(sw.dpid)?.close('the switch connected again');
    if (this.options.sameDpid !== 'keep' || !this.bySwitch.has(sw.dpid)) this.bySwitch.set(sw.dpid, sw);
    connection.on('close', () => {
      if (this.bySwitch.get(sw.dpid) === sw) this.bySwitch.delete(sw.dpid);
    });
    this.emit('switch', sw);
    connection.replay(early);
  }
}

/** What the peer said before it left, when it said an error. */
function refusalReason(early: readonly [Message, number][]): string | undefined {
  const said = early.find(([message]) => message.type === 'error')?.[0];
  if (said?.type !== 'error') return undefined;
  return `the peer answered error type ${said.ofType} code ${said.ofCode}`;
}

/** A controller that does not listen yet. */
export function createController(options: ControllerOptions = {}): Controller {
  return new Controller(options);
}
