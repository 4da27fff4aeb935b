/**
 * What the joint allocation remembers between inputs: each live migration's demand, the rate it should have, who waits
 * for room, and the solver. The solver is kept between rounds and changes in place, so a state holds it together with
 * the version it belongs to; a state that is stepped a second time finds another version there and builds its own
 * from the demands.
 */
import type { CostedDemand } from '@sluice/models';
import type { BitsPerSec } from '@sluice/units';
import type { MigrationId } from '../ids.ts';
import type { Way } from '../ledger/index.ts';
import { VersionedMap, VersionedSet } from '../versioned/index.ts';
import type { Allocator } from './allocator.ts';

/** What a migration asks of the network for what remains of it. */
export interface Demand extends CostedDemand {
  /** Where `uses` lead. */
  readonly way: Way;
  /** Kept by the ledger; `rateMin` may be more, as far as the links allow. */
  readonly guarantee: BitsPerSec;
  /** Wire rate that only keeps up with the guest. */
  readonly dirtyRate: BitsPerSec;
  /** Who gives way last when the lower bounds do not fit; the larger the later. */
  readonly priority: number;
  readonly weight: number;
}

export interface Solver {
  readonly version: number;
  readonly box: SolverBox | null;
}

/** Shared by all states of one line of inputs; only the newest, which has its version, may use it. */
export interface SolverBox {
  version: number;
  readonly allocator: Allocator;
}

export type SolveStatus = 'optimal' | 'feasible' | 'relaxed';

export interface Allocation {
  readonly demands: VersionedMap<MigrationId, Demand>;
  /** Whole bit/s that each should have. */
  readonly targets: VersionedMap<MigrationId, BitsPerSec>;
  /** Those that have less than their target and take room as soon as there is some. */
  readonly hungry: VersionedSet<MigrationId>;
  /** Those whose lower bounds had to give way. */
  readonly relaxed: VersionedSet<MigrationId>;
  readonly status: SolveStatus;
  readonly solver: Solver;
}

export const noAllocation = (): Allocation => ({
  demands: VersionedMap.of(),
  targets: VersionedMap.of(),
  hungry: VersionedSet.of(),
  relaxed: VersionedSet.of(),
  status: 'optimal',
  solver: { version: 0, box: null },
});
