/** Anything the core wants done, as data. The runtime carries them out in order; results come back as inputs. */
import type { AgentCommand } from '@sluice/agents/contract';
import type { HostId, LinkId, Mac } from '@sluice/topology';
import type { MigrationId, ReservationId } from './ids.ts';
import type { Answer } from './request.ts';
import type { Migration, Move, QueueTarget, Receipt, Reservation } from './state.ts';

export type Effect =
  /** The answer to a request or an abort, for whoever asked. */
  | { readonly kind: 'answer'; readonly migrationId: MigrationId; readonly answer: Answer }
  | { readonly kind: 'send_command'; readonly hostId: HostId; readonly command: AgentCommand }
  /**
   * Queues (totals per port), meter, barrier, flows, barrier → network_done or network_failed.
   * A failed install or resize has been undone by the adapter where it could before it reports.
   */
  | {
      readonly kind: 'install_reservation';
      readonly reservation: Reservation;
      readonly queues: readonly QueueTarget[];
    }
  | {
      readonly kind: 'resize_reservation';
      readonly reservation: Reservation;
      readonly queues: readonly QueueTarget[];
    }
  /**
   * Make before break: queues and entries of the new way, barrier, then the old entries and queues go. `to` may have
   * another rate. A failed one leaves the old way as it was.
   */
  | {
      readonly kind: 'reroute_reservation';
      readonly from: Reservation;
      readonly to: Reservation;
      /** Of both ways. */
      readonly queues: readonly QueueTarget[];
    }
  /** Flows, barrier, meter, queues. Always ends in network_done; what could not be reached is removed on reconnect. */
  | {
      readonly kind: 'remove_reservation';
      readonly reservation: Reservation;
      readonly queues: readonly QueueTarget[];
    }
  /** → counters_read */
  | { readonly kind: 'read_counters'; readonly reservation: Reservation }
  /**
   * Where every known MAC is: unicast entries of all switches follow. `moves`: those that may change between two places
   * soon; entries of both are there, and the one in `places` counts. Idempotent, level-triggered.
   */
  | {
      readonly kind: 'set_forwarding';
      readonly places: ReadonlyMap<Mac, HostId>;
      readonly moves: ReadonlyMap<Mac, Move>;
      readonly linksDown: readonly LinkId[];
    }
  | { readonly kind: 'save_migration'; readonly migration: Migration }
  | { readonly kind: 'save_reservation'; readonly reservation: Reservation }
  | { readonly kind: 'delete_reservation'; readonly reservationId: ReservationId }
  | { readonly kind: 'save_receipt'; readonly receipt: Receipt }
  /** Something worth telling: goes to the event stream and the log. */
  | { readonly kind: 'announce'; readonly event: CoreEvent };

/** What leaves the controller for hosts and switches; the rest is answered, saved or told. */
export type SouthboundEffect = Extract<
  Effect,
  {
    kind:
      | 'send_command'
      | 'install_reservation'
      | 'resize_reservation'
      | 'reroute_reservation'
      | 'remove_reservation'
      | 'read_counters'
      | 'set_forwarding';
  }
>;

/** Numbers have left the types: their unit is in the name. */
export interface CoreEvent {
  readonly type: string;
  readonly migrationId: MigrationId | null;
  readonly detail: Readonly<Record<string, string | number | boolean | null>>;
}
