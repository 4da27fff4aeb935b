/**
 * The two doors through which the runtime acts on the world. Real adapters: `openflow/` with `ovsdb/` behind
 * Network, `agents/` behind AgentChannel; fakes beside them for tests.
 */
import type { AgentCommand } from '@sluice/agents/contract';
import type { HostId, LinkId, Mac } from '@sluice/topology';
import type { Bytes } from '@sluice/units';
import type { Heard, QueueTarget, Reservation } from '../core/index.ts';

/** Every failure of an operation on the network; `code` is the API. */
export class NetworkFailure extends Error {
  override readonly name = 'NetworkFailure';
  constructor(
    readonly code:
      | 'switch_unavailable'
      | 'link_unavailable'
      | 'rejected'
      | 'timed_out'
      | 'port_unknown'
      | 'qos_missing'
      | 'meters_unsupported'
      | 'classification_ineffective'
      | 'ovsdb_unavailable'
      | 'ovsdb_rejected',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export interface Counters {
  /** Bytes that left queue 1 of the first switch's port on the path. */
  readonly queueBytes: Bytes | null;
  /** Bytes the reservation's meter has seen. */
  readonly meterBytes: Bytes | null;
}

/** Where frames to a MAC go. */
export interface Place {
  readonly mac: Mac;
  readonly hostId: HostId;
}

/** A VM that may change between two places soon. */
export interface Move {
  readonly mac: Mac;
  readonly source: HostId;
  readonly destination: HostId;
}

/** The data plane. Methods reject with NetworkFailure; an install that rejects has been undone everywhere. */
export interface Network {
  /** Connects, removes what earlier epochs left, begins discovery; emits link, load and switch events for ever after. */
  start(emit: (heard: Heard) => void): Promise<void>;
  install(reservation: Reservation, queues: readonly QueueTarget[]): Promise<void>;
  resize(reservation: Reservation, queues: readonly QueueTarget[]): Promise<void>;
  /** Make before break; one that rejects has left the old way in force as far as the switches could be reached. */
  reroute(from: Reservation, to: Reservation, queues: readonly QueueTarget[]): Promise<void>;
  /** Removes from every switch that can be reached; the others are cleaned when they reconnect. Never rejects. */
  remove(reservation: Reservation, queues: readonly QueueTarget[]): Promise<void>;
  readCounters(reservation: Reservation): Promise<Counters>;
  /**
   * Level-triggered: remembers the wish, resolves when all connected switches hold it. For MACs among `moves` entries
   * of both places are installed, and changing between them is one change per switch.
   */
  setForwarding(
    places: readonly Place[],
    linksDown: readonly LinkId[],
    moves?: readonly Move[],
  ): Promise<void>;
  status(): NetworkStatus;
  /** Releases its sockets; leaves forwarding in place (fail static). */
  close(): Promise<void>;
}

export interface NetworkStatus {
  readonly ready: boolean;
  readonly switches: readonly {
    readonly dpid: string;
    readonly name: string;
    readonly connected: boolean;
    readonly description: string | null;
  }[];
  readonly links: readonly {
    readonly id: LinkId;
    readonly status: 'unverified' | 'up' | 'down';
    /** How marked packets reach queue 1 on the port this link leaves from; null = not yet proved, or no switch port. */
    readonly classification: 'set_queue' | 'dscp' | 'none' | null;
  }[];
  /** Findings against the inventory: unknown_link, lldp_on_host_port, duplicate_dpid, ... */
  readonly alerts: readonly { readonly kind: string; readonly detail: string }[];
}

/** Commands to and reports from the hosts' agents. */
export interface AgentChannel {
  start(emit: (heard: Heard) => void): Promise<void>;
  /**
   * Resolves when the command is in the agent's stream. Rejects when Redis cannot take it, or has not said in time that
   * it has: sent again with the same id, it is carried out once.
   */
  send(hostId: HostId, command: AgentCommand, commandId: string): Promise<void>;
  close(): Promise<void>;
}
