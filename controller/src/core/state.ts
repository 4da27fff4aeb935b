/** Everything the core knows. Plain readonly data; the runtime persists it through effects, never by reading it. */
import type { Host, HostId, Link, LinkId, Mac, Path, SwitchPort, Topology } from '@sluice/topology';
import type { BitsPerSec, Bytes, BytesPerSec, Instant, Joules, Millis } from '@sluice/units';
import type { Allocation } from './allocation/allocation.ts';
import type { MigrationId, ReservationId, VmId } from './ids.ts';
import type { Ledger, TenantQuota } from './ledger/index.ts';
import type { MechanismChoice } from './mechanism/choose.ts';
import type { Postcopy } from './mechanism/postcopy.ts';
import type { MigrationRequest } from './request.ts';
import type { Rescue } from './rescue/progress.ts';
import type { ShadowPlan } from './shadow/play.ts';
import type { VersionedMap, VersionedSet } from './versioned/index.ts';

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
  /**
   * Share of a deadline that planning keeps back for what the model does not know: a destination that gets ready, a
   * reservation that is installed, boundaries between rounds, a sender a little below its cap.
   */
  readonly deadlineMargin: number;
  /** What each tenant may have at any instant, by its name; a tenant that is missing has no limit of its own. */
  readonly tenantQuotas: Readonly<Record<string, TenantQuota>>;
  /**
   * What the joint allocation makes least or most: `own` = each migration's own model, BDA's ask first and time when
   * asks do not fit; `completion_time` = the sum of remaining times; `net_rate` = rate less dirty rate; `max_min`.
   */
  readonly objective: Objective;
  /** What a second of remaining time costs beside the joules of minimum-energy. An assumption. */
  readonly secondsCostJoule: number;
  /** Mid-round changes smaller than this share of the rate are left to the next boundary. */
  readonly reallocationMin: number;
  /** How long a sender may take to lower its cap before the network is lowered all the same. */
  readonly lowerTimeout: Millis;
  /** A migration stalls when its rounds leave at least this share of what they send, smoothed over rounds. */
  readonly stallRatio: number;
  /** Weight of the newest round in that share; the rest is what was known before. */
  readonly stallWeight: number;
  /** Boundaries at which it may stall with nothing left to try, before it is given up. */
  readonly stallRoundsMax: number;
  /** Decide and tell, but let nothing reach hosts or switches. */
  readonly shadow: boolean;
  /** Work units of one reallocation, as the solver counts them; then its last feasible point is used. */
  readonly allocationWorkMax: number;
}

export const OBJECTIVES = ['own', 'completion_time', 'net_rate', 'max_min'] as const;
export type Objective = (typeof OBJECTIVES)[number];

export interface HostState {
  readonly host: Host;
  /** null = no agent has been heard. */
  readonly lastSeen: Instant | null;
  /** Heard before, then silent for longer than the lease; false until the first report. */
  readonly agentLost: boolean;
  /** What the agent says its NIC can carry; null until it has said so. */
  readonly nicCapacity: BitsPerSec | null;
  /** What its hypervisor can do beyond pre-copy in rounds, by the contract's names. */
  readonly capabilities: readonly string[];
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
  /** Mean distance between successive dirty rates, the older the less; half of the first one to begin with. */
  readonly dirtyRateDeviation: BytesPerSec;
  readonly workingSet: Bytes;
  /** Its own traffic: what it sends and what it receives. */
  readonly tx: BitsPerSec;
  readonly rx: BitsPerSec;
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
  /** The connection; the port is the one on which the destination listens, 0 until the destination has said so. */
  readonly match: {
    readonly sourceIp: string;
    readonly destinationIp: string;
    readonly destinationPort: number;
    /** Where the VM's disks are taken in; left out when they stay where they are. */
    readonly storagePort?: number;
  };
}

/** What queue 1 of a port must carry in all; rate 0 = no queue 1. */
export interface QueueTarget {
  readonly port: SwitchPort;
  readonly rate: BitsPerSec;
}

export type Phase =
  /** Held for a commit that may never come, then waiting for its time: nobody beside the ledger knows of it. */
  | 'held'
  | 'scheduled'
  | 'preparing'
  | 'installing'
  | 'precopy'
  | 'stop_and_copy'
  /** The VM runs at the destination, the rest of its memory follows. */
  | 'postcopy'
  | 'releasing'
  | 'completed'
  | 'aborted'
  | 'failed';

export interface RoundRecord {
  readonly round: number;
  /** `postcopy`: what followed the VM, in one piece. */
  readonly phase: 'precopy' | 'stop_and_copy' | 'postcopy';
  /** Mean over time of the rates in force; null in unmanaged migrations. */
  readonly reservedRate: BitsPerSec | null;
  /** How often the rate changed within the round. */
  readonly rateChanges: number;
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
  /** From the request to the end: what the deadline is on. */
  readonly totalTime: Millis;
  readonly downtime: Millis | null;
  /** Of memory. */
  readonly transferred: Bytes;
  /** Of disks; null: none were moved. */
  readonly storage: Bytes | null;
  /** Of both. */
  readonly energy: Joules;
  readonly deadlineMet: boolean | null;
  readonly downtimeLimitMet: boolean | null;
  readonly checkedPages: number | null;
  readonly rounds: readonly RoundRecord[];
}

/** What a sender is told at a boundary. */
export type WhatNext = 'next_round' | 'switchover' | 'postcopy';

/** A round has been reported and the sender waits for what comes next. */
export interface Boundary {
  readonly round: number;
  /** counters: the measurement of the round; resize: the network; decision: an older resize that is still under way. */
  readonly waitingFor: 'counters' | 'resize' | 'decision';
  /** What to tell the sender once the network is ready. */
  readonly next: WhatNext | null;
}

/** Byte counts at the last boundary; null where they could not be read. */
export interface CounterReading {
  readonly queueBytes: Bytes | null;
  readonly meterBytes: Bytes | null;
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
  /** The same for people: what exactly went wrong, or what the user gave as reason. */
  readonly reasonDetail: string | null;
  readonly reservationId: ReservationId | null;
  readonly path: Path;
  readonly reversePath: Path;
  readonly admittedAt: Instant;
  /** When a held migration is let go unless it is committed; null = it is not held, or not any more. */
  readonly heldUntil: Instant | null;
  /** When it becomes live; until then it is in the calendar only. */
  readonly beginsAt: Instant;
  readonly startedAt: Instant | null;
  /** When the source said that the VM is paused, and the destination that it runs there. */
  readonly stoppedAt: Instant | null;
  readonly resumedAt: Instant | null;
  readonly endedAt: Instant | null;
  readonly lastProgress: Instant;
  /** How far its disks have come, which go before its memory; null: none have. */
  readonly storage: StorageCopy | null;
  readonly rounds: readonly RoundRecord[];
  /** Dirty rates seen so far, the profile first: the history of BDA. */
  readonly dirtyRates: readonly BytesPerSec[];
  /** Rounds after round 0 that minimum-energy plans with (Ī_MAX at admission); null for other policies. */
  readonly plannedRounds: number | null;
  /** Set once the destination listens. */
  readonly listening: { readonly ip: string; readonly port: number; readonly storagePort?: number } | null;
  /** What has been asked of the network and not yet answered. */
  readonly networkPending: 'install' | 'resize' | 'reroute' | 'remove' | null;
  /** As the network still has it while its way changes; null when nothing of the kind is under way. */
  readonly rerouteFrom: Reservation | null;
  /** Since when; a resize may take `stepTimeout`. */
  readonly networkAskedAt: Instant | null;
  readonly resizeFailures: number;
  readonly boundary: Boundary | null;
  /** How its memory is moved, and why so. */
  readonly mechanism: MechanismChoice;
  /** Set once the VM was told to move before its memory. */
  readonly postcopy: Postcopy | null;
  /** Whether it gets anywhere, and what has been tried so that it does. */
  readonly rescue: Rescue;
  /** The sender was told to switch over; should it report another round, it is told so again, never otherwise. */
  readonly isSwitchoverOrdered: boolean;
  /** Rate that the network has confirmed; null when unmanaged. */
  readonly roundRate: BitsPerSec | null;
  /** The rates of the sender in the present round, the first since its beginning. */
  readonly rateSteps: readonly RateStep[];
  /** The sender has been asked to go down in mid-round and has not yet answered; the network follows. */
  readonly lowering: Lowering | null;
  readonly counters: CounterReading | null;
  readonly countersPending: number;
  /** Whether another reservation used the first port's queue when the round began, and how many had ever joined it. */
  readonly queueAtRoundStart: { readonly shared: boolean; readonly joined: number };
  /** What the source measured over the whole migration, and when it said so. */
  readonly completion: Completion | null;
  readonly receipt: Receipt | null;
}

/** From where to where a VM moves. */
export interface Move {
  readonly source: HostId;
  readonly destination: HostId;
}

/** The copy of a VM's disks as the source last told of it. */
export interface StorageCopy {
  /** Written again while it was copied counts again. */
  readonly copied: Bytes;
  readonly total: Bytes;
  /** By the model, at the rates seen so far. */
  readonly energy: Joules;
  readonly at: Instant;
}

export interface RateStep {
  readonly at: Instant;
  readonly rate: BitsPerSec;
}

export interface Lowering {
  readonly to: BitsPerSec;
  /** The cap that the sender was told; its answer repeats it. */
  readonly rateCapBitsPerSec: number | null;
  readonly askedAt: Instant;
}

export interface Completion {
  readonly at: Instant;
  readonly downtime: Millis;
  readonly transferred: Bytes;
  /** Compared at the destination before the VM ran there; null: its hypervisor compares none. */
  readonly checkedPages: number | null;
}

export interface State {
  readonly topology: Topology;
  readonly config: CoreConfig;
  readonly now: Instant;
  readonly hosts: VersionedMap<HostId, HostState>;
  readonly vms: VersionedMap<VmId, VmState>;
  /** The VMs of each host; a host without any is missing. */
  readonly vmsOn: VersionedMap<HostId, VersionedSet<VmId>>;
  /** Active ones and the last ENDED_MIGRATIONS_KEPT ended ones, in order of admission. */
  readonly migrations: VersionedMap<MigrationId, Migration>;
  /** The active ones, by their VM, in order of admission. */
  readonly active: VersionedMap<VmId, MigrationId>;
  /** The active ones that are neither held nor scheduled, in the order in which they became so. */
  readonly live: VersionedSet<MigrationId>;
  /** The live ones that leave or enter a host; a host without any is missing. */
  readonly liveOn: VersionedMap<HostId, VersionedSet<MigrationId>>;
  /** Those that are held or scheduled, and until when. */
  readonly waiting: VersionedMap<MigrationId, Instant>;
  /** Not before this is the time of any of them; null = nobody waits. */
  readonly wakeAt: Instant | null;
  /** Before this nothing of a live migration is overdue, so that a tick need not visit them; null = nothing ever is. */
  readonly checkAt: Instant | null;
  /** Those among `migrations` that have ended, in the order in which they ended. */
  readonly ended: VersionedSet<MigrationId>;
  /** Where every known MAC is: hosts as the inventory says, VMs where they run or, once stopped, where they will. */
  readonly places: VersionedMap<Mac, HostId>;
  /** VMs whose memory is on its way, by MAC: the network prepares their new place beside the present one. */
  readonly moves: VersionedMap<Mac, Move>;
  readonly ledger: Ledger;
  readonly allocation: Allocation;
  /** How the migrations of shadow mode go by the model. */
  readonly shadows: VersionedMap<MigrationId, ShadowPlan>;
  readonly linksDown: VersionedSet<LinkId>;
  /** Measured application traffic; a link that is missing carries none as far as anybody knows. */
  readonly linkLoads: VersionedMap<LinkId, BitsPerSec>;
}

export type { HostId, Link, LinkId, Topology };
