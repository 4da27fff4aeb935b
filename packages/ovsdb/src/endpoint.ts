/** Where an OVSDB server listens, in Open vSwitch's own notation, and how to reach it. */
import { connect as connectNet, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { connectFailure } from './connect-failure.ts';
import { type ConnectFailure, OvsdbError } from './error.ts';
import { nodeTimers, type Timers } from './timers.ts';

/** A local server answers in a millisecond; over a WAN, TCP itself gives up the first SYN after one second. */
export const CONNECT_TIMEOUT_MS = 5000;

export type Endpoint =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'ssl'; readonly host: string; readonly port: number };

/** One server, or the members of a cluster: a list, or a text with commas as Open vSwitch writes it. */
export type Endpoints = string | Endpoint | readonly (string | Endpoint)[];

/** `unix:/path`, `tcp:127.0.0.1:6640`, `tcp:[::1]:6640`, `ssl:host:6640`. Throws RangeError. */
export function parseEndpoint(text: string): Endpoint {
  if (text.startsWith('unix:/')) return { kind: 'unix', path: text.slice('unix:'.length) };
  const match = /^(tcp|ssl):(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text);
  const host = match?.[2] ?? match?.[3];
  const port = Number(match?.[4]);
  if (!match || host === undefined || port < 1 || port > 65535)
    throw new RangeError(`${text} is not unix:/PATH, tcp:HOST:PORT or ssl:HOST:PORT`);
  return { kind: match[1] === 'ssl' ? 'ssl' : 'tcp', host, port };
}

/** Throws RangeError, also when there is none. */
export function parseEndpoints(endpoints: Endpoints): readonly Endpoint[] {
  const list = typeof endpoints === 'string' || 'kind' in endpoints ? [endpoints] : endpoints;
  const parsed = list.flatMap((one) =>
    typeof one === 'string' ? one.split(/,(?=(?:unix|tcp|ssl):)/).map(parseEndpoint) : [one],
  );
  if (parsed.length === 0) throw new RangeError('no endpoint');
  return parsed;
}

export const formatEndpoint = (endpoint: Endpoint): string => {
  if (endpoint.kind === 'unix') return `unix:${endpoint.path}`;
  const host = endpoint.host.includes(':') ? `[${endpoint.host}]` : endpoint.host;
  return `${endpoint.kind}:${host}:${endpoint.port}`;
};

export interface DialOptions {
  readonly connectTimeoutMs?: number;
  /** For `ssl:` endpoints; goes to `node:tls` as it is. */
  readonly tls?: ConnectionOptions;
  readonly timers?: Timers;
  /** Gives the attempt up. */
  readonly signal?: AbortSignal;
}

/** A connected socket, or `connect_failed` with the cause. */
export async function dial(endpoint: Endpoint, options: DialOptions = {}): Promise<Socket> {
  const { connectTimeoutMs = CONNECT_TIMEOUT_MS, timers = nodeTimers, signal } = options;
  const failed = (cause: unknown, reason: ConnectFailure = connectFailure(cause)) =>
    new OvsdbError({ code: 'connect_failed', endpoint: formatEndpoint(endpoint), reason }, { cause });
  const socket = open(endpoint, options.tls, (cause) => failed(cause, 'own_identity_unusable'));
  return await new Promise((resolve, reject) => {
    const finish = (error: OvsdbError | null) => {
      cancel();
      signal?.removeEventListener('abort', abort);
      socket.removeListener('error', onError);
      socket.removeListener('close', onClose);
      if (!error) return resolve(socket);
      // Whatever the socket says while it dies has no other listener.
      socket.on('error', () => {});
      socket.destroy();
      reject(error);
    };
    const onError = (cause: Error) => finish(failed(cause));
    // A peer that hangs up in the middle of the TLS handshake may leave without an error.
    const onClose = () => finish(failed(undefined, 'closed_by_peer'));
    const abort = () => finish(failed(undefined, 'given_up'));
    const cancel = timers.after(connectTimeoutMs, () => finish(failed(undefined, 'timed_out')));
    socket.once(endpoint.kind === 'ssl' ? 'secureConnect' : 'connect', () => finish(null));
    socket.on('error', onError);
    socket.on('close', onClose);
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort);
  });
}

function open(
  endpoint: Endpoint,
  tls: ConnectionOptions = {},
  unusable: (cause: unknown) => OvsdbError,
): Socket {
  if (endpoint.kind === 'unix') return connectNet({ path: endpoint.path });
  const { host, port } = endpoint;
  if (endpoint.kind === 'tcp') return connectNet({ host, port, noDelay: true });
  try {
    const socket = connectTls({ ...tls, host, port });
    socket.setNoDelay(true);
    return socket;
  } catch (cause) {
    // An unreadable key or certificate throws before anything is sent.
    throw unusable(cause);
  }
}
