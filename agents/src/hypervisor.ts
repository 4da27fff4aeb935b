/**
 * What an agent needs of a hypervisor. The emulated driver implements it, drivers of real hypervisors can: nothing
 * here says how memory is copied, only that it is copied in rounds whose end somebody decides about.
 */
import type { Mechanism, VmProfile } from './contract/index.ts';

/** Payload rate in bit/s; null: uncapped. */
export type RateCap = number | null;

type WithoutTraffic = Omit<VmProfile, 'txBitsPerSec' | 'rxBitsPerSec'>;
/** A VM as its hypervisor sees it; its traffic is measured by the agent from `netCounters`. */
export interface VmView extends WithoutTraffic {
  /** File in the format of /proc/net/dev and the device in it that is the VM's NIC; null: no network. */
  readonly netCounters: {
    readonly path: string;
    readonly device: string;
    /** The host's end of it, a tap: what the VM sends is received there. */
    readonly isHostSide?: boolean;
  } | null;
}

export type DriverFailureCode =
  | 'unknown_vm'
  | 'unknown_migration'
  | 'busy'
  | 'connect_failed'
  | 'connection_lost'
  | 'integrity'
  | 'cancelled'
  | 'agent_lost'
  /** This hypervisor cannot do what was asked; the message names it. */
  | 'unsupported'
  | 'internal';

/** What a driver may be asked for beyond pre-copy in rounds; a VM's own hypervisor may lack it all the same. */
export type DriverCapability = keyof Mechanism | 'postcopy_recovery' | 'switchover_terms';

/** Stop the VM as soon as what remains can be sent at this payload rate within this limit. */
export interface SwitchoverTerms {
  readonly rateBitsPerSec: number;
  readonly downtimeLimitSec: number;
}

/** A driver's "no", and the ways a migration ends without success. */
export class DriverFailure extends Error {
  override readonly name = 'DriverFailure';
  constructor(
    readonly code: DriverFailureCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What happens to migrations; times are seconds on the driver's monotonic clock, volumes payload bytes. */
export type HypervisorEvent = { readonly migrationId: string } & (
  | { readonly kind: 'started' }
  /** Begun under an agent that has ended since, and followed from now on. */
  | { readonly kind: 'taken_up' }
  | {
      readonly kind: 'round_finished';
      readonly round: number;
      readonly transferredBytes: number;
      readonly durationSec: number;
      readonly remainingBytes: number;
      readonly dirtyRateBytesPerSec: number;
    }
  | { readonly kind: 'rate_cap_applied'; readonly rateCapBitsPerSec: RateCap }
  | { readonly kind: 'vm_stopped'; readonly remainingBytes: number }
  | {
      readonly kind: 'vm_resumed';
      readonly vmId: string;
      /** The rest of its memory follows; `incoming_finished` says when all of it is there. */
      readonly isPostcopy?: boolean;
    }
  | { readonly kind: 'storage'; readonly copiedBytes: number; readonly totalBytes: number }
  /** The source's post-copy runs (again), or was interrupted and waits for a recovery; told again and again. */
  | { readonly kind: 'postcopy'; readonly state: 'running' | 'paused'; readonly remainingBytes: number }
  /** Destination, after a `vm_resumed` that said `isPostcopy`. */
  | { readonly kind: 'incoming_finished' }
  | {
      readonly kind: 'completed';
      readonly totalTimeSec: number;
      readonly downtimeSec: number;
      readonly transferredBytes: number;
      readonly stopAndCopy: { readonly transferredBytes: number; readonly durationSec: number };
      /** Compared at the destination before it resumed; null: this hypervisor compares none. */
      readonly checkedPages: number | null;
    }
  | {
      readonly kind: 'failed';
      readonly side: 'source' | 'destination';
      readonly code: DriverFailureCode;
      readonly detail: string;
      /** Whether the VM runs on this host now. */
      readonly vmRunning: boolean;
    }
);

/** An event before somebody says whose it is. */
export type MigrationNews = HypervisorEvent extends infer E
  ? E extends HypervisorEvent
    ? Omit<E, 'migrationId'>
    : never
  : never;

export interface PreparedIncoming {
  readonly ip: string;
  readonly port: number;
  readonly storagePort?: number;
  /** Where the VM's NIC will be; left out where that is known only when the VM runs. */
  readonly vmPort?: { readonly mac: string; readonly device: string };
}

export interface HypervisorDriver {
  /** What `mechanism` and the methods below may ask for; everything else is refused as 'unsupported'. */
  capabilities(): ReadonlySet<DriverCapability>;
  /** Adopts what runs already. Events go to `onEvent`; `onVmsChanged` says that the set of VMs is another one. */
  start(listeners: {
    readonly onEvent: (event: HypervisorEvent) => void;
    readonly onVmsChanged: () => void;
  }): Promise<void>;
  listVms(): Promise<readonly VmView[]>;
  /** @throws DriverFailure 'busy' when the VM is here already */
  prepareIncoming(incoming: {
    readonly migrationId: string;
    readonly vmId: string;
    readonly memoryBytes: number;
    readonly mechanism?: Mechanism;
  }): Promise<PreparedIncoming>;
  /** Begins round 0; the rest is told by events. @throws DriverFailure 'unknown_vm' or 'busy' */
  startMigration(outgoing: {
    readonly migrationId: string;
    readonly vmId: string;
    readonly destination: { readonly ip: string; readonly port: number; readonly storagePort?: number };
    readonly rateCapBitsPerSec: RateCap;
    readonly mechanism?: Mechanism;
  }): Promise<void>;
  /** These, down to `recoverPostcopy`, throw DriverFailure 'unknown_migration' when no such migration runs here. */
  nextRound(migrationId: string, round: number, rateCapBitsPerSec: RateCap): void;
  /** Without terms: at once, whatever remains. */
  beginSwitchover(migrationId: string, rateCapBitsPerSec: RateCap, terms?: SwitchoverTerms): void;
  setRateCap(migrationId: string, rateCapBitsPerSec: RateCap): void;
  /** Takes back no VM that has left: a cancellation that comes too late changes nothing. */
  cancel(migrationId: string, reason: string): void;
  /**
   * The guest loses this share of its CPU time at most, until the migration ends; 0: none.
   * @throws DriverFailure 'unsupported' where `throttle` has to be asked for at the start and was not
   */
  throttle(migrationId: string, share: number): void;
  /** @throws DriverFailure 'unsupported' unless the migration was started with `postcopy`; so do the next three */
  startPostcopy(migrationId: string, rateCapBitsPerSec: RateCap): void;
  /** Either side. */
  pausePostcopy(migrationId: string): void;
  recoverPostcopy(
    migrationId: string,
    destination: { readonly ip: string; readonly port: number },
    rateCapBitsPerSec: RateCap,
  ): void;
  /** Destination of an interrupted post-copy: listens again. */
  prepareRecovery(migrationId: string): Promise<{ readonly ip: string; readonly port: number }>;
  /** Cancels what can be cancelled and lets go of everything; VMs go on. */
  close(): Promise<void>;
}
