/** A migration of a story as the core is asked for it. */
import {
  type MigrationId,
  type MigrationRequest,
  type RatePolicyName,
  REQUEST_DEFAULTS,
  type VmId,
} from '@sluice/controller/core';
import type { HostId } from '@sluice/topology';
import { bitsPerSec, fromSeconds } from '@sluice/units';
import type { StoryMigration } from '../story/index.ts';

export function requestOf(
  migration: StoryMigration,
  index: number,
  policy?: RatePolicyName,
): MigrationRequest {
  const rate = (value: number | null) => (value === null ? null : bitsPerSec(value));
  // Written out, because a spread of so many fields costs more than all the rest of it.
  return {
    id: migrationIdOf(migration, index) as MigrationId,
    vmId: migration.vm as VmId,
    source: null,
    destination: migration.destination as HostId,
    policy: policy ?? migration.policy,
    deadline: migration.deadlineSec === null ? null : fromSeconds(migration.deadlineSec),
    downtimeLimit: fromSeconds(migration.downtimeLimitSec),
    rateMin: rate(migration.rateMinBitsPerSec),
    rateMax: rate(migration.rateMaxBitsPerSec),
    roundsMax: migration.roundsMax,
    applicationFloor: rate(migration.applicationFloorBitsPerSec),
    tenant: migration.tenant,
    priority: migration.priority,
    weight: migration.weight,
    startAt: migration.startAtSec === null ? null : fromSeconds(migration.startAtSec - migration.atSec),
    holdFor: migration.holdForSec === null ? null : fromSeconds(migration.holdForSec),
    mayPreempt: migration.mayPreempt,
    mechanisms: migration.mechanisms,
    throttleMax: migration.throttleMax,
    // Names become ids.
    togetherWith: migration.togetherWith as VmId[],
    etag: REQUEST_DEFAULTS.etag,
    hypervisor: REQUEST_DEFAULTS.hypervisor,
  };
}

/** `web-1`: the VM and the place of the migration in the story. */
export const migrationIdOf = (migration: StoryMigration, index: number): string =>
  `${migration.vm}-${index + 1}`;
