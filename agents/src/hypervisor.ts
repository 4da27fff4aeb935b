/**
 * What an agent needs of a hypervisor. The emulated driver implements it, drivers of real hypervisors can: nothing
 * here says how memory is copied, only that it is copied in rounds whose end somebody decides about.
 */
import type { VmProfile } from './contract/index.ts';

/** Payload rate in bit/s; null: uncapped. */
export type RateCap = number | null;

type WithoutTraffic = Omit<VmProfile, 'txBitsPerSec' | 'rxBitsPerSec'>;
/** A VM as its hypervisor sees it; its traffic is measured by the agent from `netCounters`. */
export interface VmView extends WithoutTraffic {
  /** File in the format of /proc/net/dev and the device in it that is the VM's NIC; null: no network. */
  readonly netCounters: { readonly path: string; readonly device: string } | null;
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
  | 'internal';

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
  | { readonly kind: 'vm_resumed'; readonly vmId: string }
  | {
      readonly kind: 'completed';
      readonly totalTimeSec: number;
      readonly downtimeSec: number;
      readonly transferredBytes: number;
      readonly stopAndCopy: { readonly transferredBytes: number; readonly durationSec: number };
      readonly checkedPages: number;
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

export interface HypervisorDriver {
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
  }): Promise<{ readonly ip: string; readonly port: number }>;
  /** Begins round 0; the rest is told by events. @throws DriverFailure 'unknown_vm' or 'busy' */
  startMigration(outgoing: {
    readonly migrationId: string;
    readonly vmId: string;
    readonly destination: { readonly ip: string; readonly port: number };
    readonly rateCapBitsPerSec: RateCap;
  }): Promise<void>;
  /** These four throw DriverFailure 'unknown_migration' when no such migration runs here. */
  nextRound(migrationId: string, round: number, rateCapBitsPerSec: RateCap): void;
  beginSwitchover(migrationId: string, rateCapBitsPerSec: RateCap): void;
  setRateCap(migrationId: string, rateCapBitsPerSec: RateCap): void;
  cancel(migrationId: string, reason: string): void;
  /** Cancels what can be cancelled and lets go of everything; VMs go on. */
  close(): Promise<void>;
}
