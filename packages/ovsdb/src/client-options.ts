/** What a client is told when it is made, and what it tells about itself. */
import type { BackoffOptions } from './backoff.ts';
import type { Conditions } from './condition.ts';
import type { DialOptions, Endpoints } from './endpoint.ts';
import type { OvsdbError } from './error.ts';
import type { RpcOptions } from './rpc.ts';
import type { DatabaseSpec } from './schema.ts';

/** How long `connected` waits unless told otherwise. */
export const CONNECTED_TIMEOUT_MS = 10_000;

export interface OvsdbClientOptions<D extends DatabaseSpec>
  extends Omit<RpcOptions, 'endpoint'>,
    Omit<DialOptions, 'signal'> {
  /**
   * `unix:/path`, `tcp:host:port` or `ssl:host:port`. Several, as a list or with commas between them, are the members
   * of one cluster and tried in turn.
   */
  readonly endpoint: Endpoints;
  readonly database: D;
  /**
   * Of a clustered database: use the leader only, and look for the new one when it changes (default). With false any
   * connected member will do; it passes transactions on to the leader, and its rows may be a moment older.
   */
  readonly leaderOnly?: boolean;
  readonly reconnect?: BackoffOptions;
}

export type ConnectionStatus =
  | { readonly kind: 'connected'; readonly endpoint: string }
  /** After each failed attempt too. */
  | { readonly kind: 'disconnected'; readonly error: OvsdbError; readonly retryInMs: number }
  | { readonly kind: 'closed' };

export interface MonitorOptions<D extends DatabaseSpec> {
  /** All rows unless given. */
  readonly conditions?: Conditions<D>;
}

export interface LockOptions {
  /** Takes it from whoever has it, who is told so and stays first in line. */
  readonly steal?: boolean;
}
