/** The one error of this package. `detail.code` is the API; nobody parses messages. */
import { type Json, jsonText } from './json.ts';

/** Why no connection came up. */
export type ConnectFailure =
  /** Nobody listens there. */
  | 'refused'
  | 'timed_out'
  | 'name_unknown'
  | 'unreachable'
  /** The peer hung up before it had said anything; over TLS, often because it does not accept our certificate. */
  | 'closed_by_peer'
  /** TLS: no authority that we trust has signed the server's certificate. */
  | 'server_untrusted'
  /** TLS: the certificate is for another name than the one dialled. */
  | 'server_name_wrong'
  /** TLS: the server's certificate is past its end, or not yet valid. */
  | 'server_expired'
  | 'server_not_yet_valid'
  /** TLS: the server does not accept our certificate, or wants one and got none. */
  | 'client_rejected'
  /** TLS: our own key or certificate cannot be used. */
  | 'own_identity_unusable'
  /** TLS: anything else, such as a peer that does not speak it. */
  | 'tls_failed'
  /** `close()` came first. */
  | 'given_up'
  | 'other';

/** Why a server that answers is of no use now. */
export type DatabaseUnavailable =
  | 'not_served'
  /** The member of the cluster is cut off from the majority, or has not joined yet. */
  | 'not_connected'
  /** A follower, while `leaderOnly` asks for the leader. */
  | 'not_leader'
  /** It knows less than a member of the same cluster has shown us already. */
  | 'stale';

export type OvsdbErrorDetail =
  /** No connection came up. `endpoint` lists all that were tried. */
  | { readonly code: 'connect_failed'; readonly endpoint: string; readonly reason: ConnectFailure }
  | {
      readonly code: 'database_unavailable';
      readonly endpoint: string;
      readonly database: string;
      readonly reason: DatabaseUnavailable;
    }
  /**
   * The connection is gone. When `sent` is true the request had been written, so the server may have carried
   * it out: OVSDB is at-least-once after a lost reply, read before you repeat.
   */
  | { readonly code: 'disconnected'; readonly endpoint: string; readonly sent: boolean }
  /** The client was closed by its owner; `sent` as above. */
  | { readonly code: 'closed'; readonly endpoint: string; readonly sent: boolean }
  /** The request was sent and may have been, or may still be, carried out. */
  | { readonly code: 'request_timed_out'; readonly method: string; readonly afterMs: number }
  /**
   * Given up by its `signal`. When `sent` is true the server has given it up too; a cluster may nevertheless commit
   * what it was already passing round.
   */
  | { readonly code: 'cancelled'; readonly method: string; readonly sent: boolean }
  /** A JSON-RPC error reply, such as `unknown database`. */
  | {
      readonly code: 'request_refused';
      readonly method: string;
      readonly error: string;
      readonly reply: Json;
    }
  /** RFC 7047 §5.2: `operation` counts from 0 and is null when the commit itself failed. */
  | {
      readonly code: 'transaction_failed';
      readonly operation: number | null;
      readonly error: string;
      readonly details: string;
    }
  /** The transaction was carried out, but the result of this operation cannot be read; `cause` says why. */
  | { readonly code: 'result_unreadable'; readonly operation: number; readonly reason: string }
  /** The peer's bytes are not OVSDB, or pass a limit. */
  | { readonly code: 'protocol_violation'; readonly reason: string }
  /** An integer beyond 2^53 in a column declared `integer`; declare it `bigint`. `column` as `Table.column`. */
  | { readonly code: 'integer_too_large'; readonly value: bigint; readonly column: string | null }
  /** A queue of ours is full. */
  | { readonly code: 'overloaded'; readonly limit: string; readonly value: number }
  /** The server's database lacks something our tables need. */
  | { readonly code: 'schema_mismatch'; readonly database: string; readonly problems: readonly string[] }
  /** Nothing in the view matched in time. */
  | { readonly code: 'condition_timed_out'; readonly condition: string; readonly afterMs: number }
  /** Committed, but ovs-vswitchd has not carried it out in time: `cur_cfg` < `next_cfg`. */
  | {
      readonly code: 'not_in_force';
      readonly nextCfg: number;
      readonly curCfg: number | null;
      readonly afterMs: number;
    };

export class OvsdbError extends Error {
  override readonly name = 'OvsdbError';
  readonly detail: OvsdbErrorDetail;

  constructor(detail: OvsdbErrorDetail, options?: ErrorOptions) {
    super(describe(detail), options);
    this.detail = detail;
  }

  get code(): OvsdbErrorDetail['code'] {
    return this.detail.code;
  }

  /** Whether the same request may succeed later. See `outcomeUnknown` before you repeat a transaction. */
  get retriable(): boolean {
    return RETRIABLE.has(this.detail.code);
  }

  /** The request was sent and the server may have carried it out, or may still do so. */
  get outcomeUnknown(): boolean {
    return this.detail.code === 'request_timed_out' || ('sent' in this.detail && this.detail.sent);
  }
}

export const protocolViolation = (reason: string, options?: ErrorOptions): OvsdbError =>
  new OvsdbError({ code: 'protocol_violation', reason }, options);

/** Whatever reading what a peer sent has thrown, as the error that callers know. */
export const asOvsdbError = (error: unknown): OvsdbError =>
  error instanceof OvsdbError ? error : protocolViolation('unreadable', { cause: error });

const RETRIABLE: ReadonlySet<OvsdbErrorDetail['code']> = new Set([
  'connect_failed',
  'database_unavailable',
  'disconnected',
  'request_timed_out',
  'overloaded',
  'condition_timed_out',
] as const);

function describe(detail: OvsdbErrorDetail): string {
  switch (detail.code) {
    case 'connect_failed':
      return `cannot connect to ${detail.endpoint}: ${CONNECT_FAILURES[detail.reason]}`;
    case 'database_unavailable':
      return `${detail.endpoint} ${UNAVAILABLE[detail.reason]} database ${detail.database}`;
    case 'disconnected':
      return `the connection to ${detail.endpoint} is gone${unknown(detail)}`;
    case 'closed':
      return `the client of ${detail.endpoint} is closed${unknown(detail)}`;
    case 'request_timed_out':
      return `no reply to ${detail.method} within ${detail.afterMs} ms; the outcome is unknown`;
    case 'cancelled':
      return `${detail.method} was cancelled${detail.sent ? '' : ' before it was sent'}`;
    case 'request_refused':
      return `the server refused ${detail.method}: ${detail.error}`;
    case 'transaction_failed':
      return `${detail.operation === null ? 'commit' : `operation ${detail.operation}`} failed: ${detail.error}${detail.details ? ` (${detail.details})` : ''}`;
    case 'result_unreadable':
      return `the transaction was carried out, but the result of operation ${detail.operation} cannot be read: ${detail.reason}`;
    case 'protocol_violation':
      return `the peer broke the protocol: ${detail.reason}`;
    case 'integer_too_large':
      return `${detail.column ?? 'a column'} holds ${jsonText(detail.value)}, which a number cannot hold exactly; declare it bigint`;
    case 'overloaded':
      return `${detail.limit} of ${detail.value} is reached`;
    case 'schema_mismatch':
      return `database ${detail.database} does not fit: ${detail.problems.join('; ')}`;
    case 'condition_timed_out':
      return `${detail.condition} did not hold within ${detail.afterMs} ms`;
    case 'not_in_force':
      return `next_cfg ${detail.nextCfg} is not in force after ${detail.afterMs} ms, cur_cfg is ${detail.curCfg ?? 'unknown'}; does ovs-vswitchd run?`;
  }
}

const unknown = ({ sent }: { readonly sent: boolean }): string => (sent ? ' and the outcome is unknown' : '');

const CONNECT_FAILURES: Readonly<Record<ConnectFailure, string>> = {
  refused: 'nobody listens there',
  timed_out: 'it took too long',
  name_unknown: 'the name is unknown',
  unreachable: 'there is no way to it',
  closed_by_peer: 'the peer hung up',
  server_untrusted: 'nobody we trust vouches for the server',
  server_name_wrong: 'the certificate is for another name',
  server_expired: 'the certificate of the server has expired',
  server_not_yet_valid: 'the certificate of the server is not yet valid',
  client_rejected: 'the server does not accept our certificate',
  own_identity_unusable: 'our own key or certificate cannot be used',
  tls_failed: 'TLS does not come up',
  given_up: 'given up',
  other: 'it failed',
};

const UNAVAILABLE: Readonly<Record<DatabaseUnavailable, string>> = {
  not_served: 'does not serve',
  not_connected: 'is cut off from the cluster of',
  not_leader: 'is not the leader of',
  stale: 'has stale data of',
};
