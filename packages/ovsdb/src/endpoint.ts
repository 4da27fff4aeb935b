/** Where an OVSDB server listens, in Open vSwitch's own notation, and how to reach it. */
import { connect as connectNet, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { OvsdbError } from './error.ts';
import { nodeTimers, type Timers } from './timers.ts';

/** A local server answers in a millisecond; over a WAN, TCP itself gives up the first SYN after one second. */
export const CONNECT_TIMEOUT_MS = 5000;

export type Endpoint =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'ssl'; readonly host: string; readonly port: number };

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
  const failed = (cause: unknown) =>
    new OvsdbError({ code: 'connect_failed', endpoint: formatEndpoint(endpoint) }, { cause });
  const socket = open(endpoint, options.tls, failed);
  return await new Promise((resolve, reject) => {
    const finish = (cause: Error | null) => {
      cancel();
      signal?.removeEventListener('abort', abort);
      socket.removeListener('error', finish);
      if (!cause) return resolve(socket);
      // Whatever the socket says while it dies has no other listener.
      socket.on('error', () => {});
      socket.destroy();
      reject(failed(cause));
    };
    const abort = () => finish(new Error('given up'));
    const cancel = timers.after(connectTimeoutMs, () =>
      finish(new Error(`no connection in ${connectTimeoutMs} ms`)),
    );
    socket.once(endpoint.kind === 'ssl' ? 'secureConnect' : 'connect', () => finish(null));
    socket.on('error', finish);
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort);
  });
}

function open(
  endpoint: Endpoint,
  tls: ConnectionOptions = {},
  failed: (cause: unknown) => OvsdbError,
): Socket {
  if (endpoint.kind === 'unix') return connectNet({ path: endpoint.path });
  const { host, port } = endpoint;
  if (endpoint.kind === 'tcp') return connectNet({ host, port, noDelay: true });
  try {
    return connectTls({ ...tls, host, port });
  } catch (cause) {
    // An unreadable key or certificate throws before anything is sent.
    throw failed(cause);
  }
}
