/** Anything the core hears. Every input that can change a deadline carries the instant at which it was heard. */
import type { AgentReport } from '@sluice/agents/contract';
import type { HostId, LinkId } from '@sluice/topology';
import type { BitsPerSec, Bytes, Instant } from '@sluice/units';
import type { MigrationId, ReservationId } from './ids.ts';
import type { MigrationRequest } from './request.ts';

export type NetworkOperation = 'install' | 'resize' | 'reroute' | 'remove';

export type Input = { readonly now: Instant } & (
  | { readonly kind: 'migration_requested'; readonly request: MigrationRequest }
  /** A held migration is wanted for good. */
  | { readonly kind: 'commit_requested'; readonly migrationId: MigrationId }
  | { readonly kind: 'abort_requested'; readonly migrationId: MigrationId; readonly reason: string }
  /** Parsed, in order per agent, duplicates and strays already dropped. */
  | { readonly kind: 'agent_reported'; readonly hostId: HostId; readonly report: AgentReport }
  | {
      readonly kind: 'network_done';
      readonly reservationId: ReservationId;
      readonly operation: NetworkOperation;
    }
  | {
      readonly kind: 'network_failed';
      readonly reservationId: ReservationId;
      readonly operation: NetworkOperation;
      /** For instance switch_unavailable, rejected, timed_out, classification_ineffective. */
      readonly code: string;
      readonly detail: string;
    }
  /** Answer to read_counters: monotone byte counts of the reservation's first switch; null = could not be read. */
  | {
      readonly kind: 'counters_read';
      readonly reservationId: ReservationId;
      readonly queueBytes: Bytes | null;
      readonly meterBytes: Bytes | null;
    }
  /** Application traffic per link (queue 0 and host NICs), from counters. */
  | {
      readonly kind: 'link_load_measured';
      readonly loads: readonly { readonly link: LinkId; readonly applicationRate: BitsPerSec }[];
    }
  | { readonly kind: 'link_went_down'; readonly link: LinkId }
  | { readonly kind: 'link_came_up'; readonly link: LinkId }
  | { readonly kind: 'tick' }
);

/** An input as an adapter emits it; the runtime stamps the instant. */
export type Heard = Input extends infer I ? (I extends Input ? Omit<I, 'now'> : never) : never;
