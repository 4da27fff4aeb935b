/** The one error of this package. `detail.code` is the API; nobody parses messages. */
import type { Json } from './json.ts';

export type OvsdbErrorDetail =
  /** No connection came up. */
  | { readonly code: 'connect_failed'; readonly endpoint: string }
  /**
   * The connection is gone. When `sent` is true the request had been written, so the server may have carried
   * it out: OVSDB is at-least-once after a lost reply, read before you repeat.
   */
  | { readonly code: 'disconnected'; readonly endpoint: string; readonly sent: boolean }
  /** The client was closed by its owner. */
  | { readonly code: 'closed'; readonly endpoint: string }
  | { readonly code: 'request_timed_out'; readonly method: string; readonly afterMs: number }
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
  /** The peer's bytes are not OVSDB, or pass a limit. */
  | { readonly code: 'protocol_violation'; readonly reason: string }
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

  /** Whether the same request may succeed later. See `disconnected` before you repeat a transaction. */
  get retriable(): boolean {
    return RETRIABLE.has(this.detail.code);
  }
}

export const protocolViolation = (reason: string, options?: ErrorOptions): OvsdbError =>
  new OvsdbError({ code: 'protocol_violation', reason }, options);

const RETRIABLE: ReadonlySet<OvsdbErrorDetail['code']> = new Set([
  'connect_failed',
  'disconnected',
  'request_timed_out',
  'overloaded',
  'condition_timed_out',
] as const);

function describe(detail: OvsdbErrorDetail): string {
  switch (detail.code) {
    case 'connect_failed':
      return `cannot connect to ${detail.endpoint}`;
    case 'disconnected':
      return `the connection to ${detail.endpoint} is gone${detail.sent ? ' and the outcome is unknown' : ''}`;
    case 'closed':
      return `the client of ${detail.endpoint} is closed`;
    case 'request_timed_out':
      return `no reply to ${detail.method} within ${detail.afterMs} ms`;
    case 'request_refused':
      return `the server refused ${detail.method}: ${detail.error}`;
    case 'transaction_failed':
      return `${detail.operation === null ? 'commit' : `operation ${detail.operation}`} failed: ${detail.error}${detail.details ? ` (${detail.details})` : ''}`;
    case 'protocol_violation':
      return `the peer broke the protocol: ${detail.reason}`;
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
