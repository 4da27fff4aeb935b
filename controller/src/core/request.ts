/** What a user asks for, and the expected answers. */
import type { HostId, LinkId } from '@sluice/topology';
import type { BitsPerSec, Bytes, Millis } from '@sluice/units';
import type { MigrationId, VmId } from './ids.ts';

/**
 * `unmanaged` reserves nothing and leaves the sender uncapped: the baseline, what a hypervisor does by default.
 * It promises nothing, so limits on its rate, its deadline and its floor are not checked at admission.
 */
export const RATE_POLICIES = ['bda', 'bda-robust', 'minimum-energy', 'unmanaged'] as const;
export type RatePolicyName = (typeof RATE_POLICIES)[number];

export interface MigrationRequest {
  readonly id: MigrationId;
  readonly vmId: VmId;
  /** Where the user believes the VM is; null = wherever it is. */
  readonly source: HostId | null;
  readonly destination: HostId;
  readonly policy: RatePolicyName;
  /** Limit on the total time, from admission; null = none. */
  readonly deadline: Millis | null;
  readonly downtimeLimit: Millis;
  /** Limits on the reservation, layer-2 wire rate; null = none. */
  readonly rateMin: BitsPerSec | null;
  readonly rateMax: BitsPerSec | null;
  /** Pre-copy rounds after round 0 at which the VM is stopped even if the downtime limit is out of reach. */
  readonly roundsMax: number;
  /** Raises the application floor of every link of the path while this migration is active; null = as configured. */
  readonly applicationFloor: BitsPerSec | null;
  /** Whose quota it counts in; null = nobody's. */
  readonly tenant: string | null;
  /** 0 … PRIORITY_MAX; the higher goes first when not everything fits. */
  readonly priority: number;
  /** Weight of its time against that of others of the same priority, above 0. */
  readonly weight: number;
  /** When it begins, counted from admission; null = at once. */
  readonly startAt: Millis | null;
  /** Only held, and let go after so long unless it is committed; null = admitted at once. */
  readonly holdFor: Millis | null;
  /** Whether it may take from migrations of a lower priority what they were promised. */
  readonly mayPreempt: boolean;
  /** Tag of the quote that must still be true; null = whatever is true now. */
  readonly etag: string | null;
  /** How memory may be moved; more than `precopy` lets a migration that stalls be rescued. */
  readonly mechanisms: readonly MechanismName[];
  /** Share of its CPU time that a guest may lose so that it converges; null = none. */
  readonly throttleMax: number | null;
  /** VMs of the same host that are asked for along with it: mechanisms are chosen for all of them at once. */
  readonly togetherWith: readonly VmId[];
  /** What the hypervisors are told beside; null = they do as they are configured. */
  readonly hypervisor: HypervisorOptions | null;
}

/** A hypervisor that cannot do what is asked for refuses it by name, and the migration fails before it begins. */
export interface HypervisorOptions {
  /** Self-announcements of the VM at the destination; 0 = none: the network finds it by its own entries alone. */
  readonly announceRounds: number | null;
  /** Pages are sent as differences to what was sent before, out of a cache of this size, a power of two. */
  readonly xbzrleCache: Bytes | null;
}

export const MECHANISMS = ['precopy', 'postcopy', 'hybrid'] as const;
export type MechanismName = (typeof MECHANISMS)[number];

/** Every choice of mechanisms is tried, so each VM more doubles the work. */
export const TOGETHER_MAX = 12;

export const PRIORITY_MAX = 9;
export const PRIORITY_DEFAULT = 5;

/** What a request is that says nothing about tenant, time and others. */
export const REQUEST_DEFAULTS = {
  tenant: null,
  priority: PRIORITY_DEFAULT,
  weight: 1,
  startAt: null,
  holdFor: null,
  mayPreempt: false,
  etag: null,
  mechanisms: ['precopy'],
  throttleMax: null,
  togetherWith: [],
  hypervisor: null,
} as const satisfies Partial<MigrationRequest>;

/** An expected "no": which limit failed, by how much, and what would pass. Numbers leave the core with their unit in the name. */
export type Refusal =
  | { readonly kind: 'unknown_vm'; readonly vmId: string }
  | { readonly kind: 'unknown_host'; readonly hostId: string }
  | { readonly kind: 'not_a_hypervisor'; readonly hostId: string }
  | { readonly kind: 'wrong_source'; readonly hostId: string; readonly actual: string }
  | { readonly kind: 'same_host'; readonly hostId: string }
  | {
      readonly kind: 'vm_not_running';
      readonly vmId: string;
      readonly runState: string;
    }
  | { readonly kind: 'vm_busy'; readonly vmId: string; readonly migrationId: string }
  | { readonly kind: 'migration_exists'; readonly migrationId: string }
  | { readonly kind: 'host_unavailable'; readonly hostId: string }
  | { readonly kind: 'no_path'; readonly source: string; readonly destination: string }
  | {
      readonly kind: 'insufficient_capacity';
      readonly link: LinkId;
      readonly wantedBitsPerSec: number;
      readonly freeBitsPerSec: number;
    }
  /** Its own largest rate, or a host's NIC, is less than the least rate that it asks for or that is worth reserving. */
  | {
      readonly kind: 'rate_too_low';
      readonly limit: 'rate_max' | 'nic';
      readonly hostId: string | null;
      readonly wantedBitsPerSec: number;
      readonly mostBitsPerSec: number;
    }
  | {
      readonly kind: 'floor_infeasible';
      readonly link: LinkId;
      readonly wantedBitsPerSec: number;
      readonly freeBitsPerSec: number;
    }
  | {
      readonly kind: 'will_not_converge';
      readonly dirtyRateBytesPerSec: number;
      readonly rateBitsPerSec: number;
      readonly rateNeededBitsPerSec: number;
    }
  | {
      readonly kind: 'deadline_infeasible';
      readonly deadlineSec: number;
      readonly smallestSec: number;
      readonly rateBitsPerSec: number;
    }
  | {
      readonly kind: 'downtime_infeasible';
      readonly downtimeLimitSec: number;
      readonly smallestSec: number;
      readonly rateBitsPerSec: number;
    }
  | { readonly kind: 'migrations_max'; readonly limit: number }
  | {
      readonly kind: 'quota_exceeded';
      readonly tenant: string;
      readonly limit: 'migrations_max' | 'rate_max';
      readonly quota: number;
      /** The most that the tenant's other migrations have at any instant of the window. */
      readonly used: number;
      readonly wanted: number;
    }
  /** What the quote said is not true any more; `etag` is that of the present one. */
  | { readonly kind: 'quote_stale'; readonly etag: string }
  /** Answer to a commit. */
  | { readonly kind: 'not_held'; readonly migrationId: string; readonly phase: string }
  /** Answers to an abort. */
  | { readonly kind: 'unknown_migration'; readonly migrationId: string }
  | {
      readonly kind: 'migration_ended';
      readonly migrationId: string;
      readonly outcome: 'completed' | 'aborted' | 'failed';
    }
  /** The VM already runs at the destination: there is nothing to go back to. */
  | { readonly kind: 'vm_already_moved'; readonly migrationId: string };

export type Answer =
  | { readonly ok: true; readonly migrationId: MigrationId }
  | { readonly ok: false; readonly refusal: Refusal };
