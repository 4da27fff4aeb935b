/** A migration of a story as the HTTP API is asked for it. Says the same as the simulator's request to the core. */
import type { MigrationBody } from '@sluice/controller';
import type { StoryMigration } from '../story/index.ts';

export const migrationBodyOf = (
  migration: StoryMigration,
  policy: StoryMigration['policy'],
): Omit<MigrationBody, 'id' | 'source' | 'hypervisor'> => ({
  vm: migration.vm,
  destination: migration.destination,
  policy,
  downtimeLimitSec: migration.downtimeLimitSec,
  deadlineSec: migration.deadlineSec,
  rateMinBitsPerSec: migration.rateMinBitsPerSec,
  rateMaxBitsPerSec: migration.rateMaxBitsPerSec,
  roundsMax: migration.roundsMax,
  applicationFloorBitsPerSec: migration.applicationFloorBitsPerSec,
  tenant: migration.tenant,
  priority: migration.priority,
  weight: migration.weight,
  // The story counts from the end of the warm-up, the API from the request.
  startAtSec: migration.startAtSec === null ? null : migration.startAtSec - migration.atSec,
  holdForSec: migration.holdForSec,
  mayPreempt: migration.mayPreempt,
  mechanisms: [...migration.mechanisms],
  throttleMax: migration.throttleMax,
  togetherWith: [...migration.togetherWith],
});
