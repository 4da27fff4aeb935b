/** Everything the core knows. Plain readonly data; the runtime persists it through effects, never by reading it. */
import type { Host, HostId, Link, LinkId, Mac, Path, SwitchPort, Topology } from '@sluice/topology';
import type { BitsPerSec, Bytes, BytesPerSec, Instant, Joules, Millis } from '@sluice/units';
import type { MigrationId, ReservationId, VmId } from './ids.ts';
import type { MigrationRequest } from './request.ts';

export interface CoreConfig {
  /** Share of each link never promised. */
  readonly headroomFraction: number;
  /** Share of (capacity − headroom) that applications above their floor cannot take from migrations. */
  readonly migrationShareMin: number;
  /** Host cap as a share of the reservation until the overhead has been measured (TCP payload is wire / 1.048). */
  readonly rateCapFraction: number;
  /** Reserved on every reverse link for acknowledgements, as a share of the rate. */
  readonly reverseFraction: number;
  /** Silence after which an agent is taken for lost. */
  readonly agentLease: Millis;
  /** How long a destination may take to listen, a network change to be confirmed. */
  readonly stepTimeout: Millis;
  /** Longest time without a report of progress before a migration is aborted. */
  readonly progressTimeout: Millis;
  readonly migrationsMax: number;
  /** P(R) = k0 · (R in Mbit/s)^alpha, in watts. An assumption, not a paper's value. */
  readonly energy: { readonly k0: number; readonly alpha: number };
  /** minimum-energy: least ratio of rate to dirty rate. */
  readonly speedup: number;
  /** Time the hypervisor needs beside copying during downtime (commit, re-activation). */
  readonly switchoverOverhead: Millis;
}

export interface HostState {
  readonly host: Host;
  /** null = no agent has been heard. */
  readonly lastSeen: Instant | null;
  readonly tx: BitsPerSec;
  readonly rx: BitsPerSec;
}

export interface VmState {
  readonly id: VmId;
  readonly hostId: HostId;
  readonly mac: Mac;
  readonly ip: string;
  readonly memory: Bytes;
  readonly dirtyRate: BytesPerSec;
  readonly workingSet: Bytes;
  readonly runState: 'running' | 'paused' | 'incoming';
}

/** A promise of a rate on every link of a path for one migration. */
export interface Reservation {
  readonly id: ReservationId;
  readonly migrationId: MigrationId;
  readonly path: Path;
  readonly reversePath: Path;
  readonly rate: BitsPerSec;
  /** rate × reverseFraction, on every link of the reverse path. */
  readonly reverseRate: BitsPerSec;
  /** The connection; the port is the one on which the destination listens. */
  readonly match: {
    readonly sourceIp: string;
    readonly destinationIp: string;
    readonly destinationPort: number;
  };
}

/** What queue 1 of a port must carry in all; rate 0 = no queue 1. */
export interface QueueTarget {
  readonly port: SwitchPort;
  readonly rate: BitsPerSec;
}

export type Phase =
  | 'preparing'
  | 'installing'
  | 'precopy'
  | 'stop_and_copy'
  | 'releasing'
  | 'completed'
  | 'aborted'
  | 'failed';

export interface RoundRecord {
  readonly round: number;
  readonly phase: 'precopy' | 'stop_and_copy';
  /** null in unmanaged migrations. */
  readonly reservedRate: BitsPerSec | null;
  /** Wire rate from queue counters (meter when the queue is shared, NIC when unmanaged); null when not measured. */
  readonly measuredRate: BitsPerSec | null;
  readonly measuredFrom: 'queue' | 'meter' | 'nic' | null;
  readonly duration: Millis;
  readonly transferred: Bytes;
  readonly wireBytes: Bytes;
  readonly remaining: Bytes;
  readonly dirtyRate: BytesPerSec;
  readonly energy: Joules;
}

export interface Receipt {
  readonly migrationId: MigrationId;
  readonly outcome: 'completed' | 'aborted' | 'failed';
  readonly reason: string | null;
  readonly totalTime: Millis;
  readonly downtime: Millis | null;
  readonly transferred: Bytes;
  readonly energy: Joules;
  readonly deadlineMet: boolean | null;
  readonly downtimeLimitMet: boolean | null;
  readonly checkedPages: number | null;
  readonly rounds: readonly RoundRecord[];
}

export interface Migration {
  readonly id: MigrationId;
  readonly request: MigrationRequest;
  readonly source: HostId;
  readonly destination: HostId;
  readonly vm: VmState;
  readonly phase: Phase;
  /** What ended it; set when it starts releasing. */
  readonly outcome: 'completed' | 'aborted' | 'failed' | null;
  readonly reason: string | null;
  readonly reservationId: ReservationId | null;
  readonly path: Path;
  readonly reversePath: Path;
  readonly admittedAt: Instant;
  readonly startedAt: Instant | null;
  readonly endedAt: Instant | null;
  readonly lastProgress: Instant;
  readonly rounds: readonly RoundRecord[];
  /** Dirty rates seen so far, the profile first: the history of BDA. */
  readonly dirtyRates: readonly BytesPerSec[];
  readonly receipt: Receipt | null;
}

export type { HostId, Link, LinkId, Topology };
