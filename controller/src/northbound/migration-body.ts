/** The body of POST /v1/migrations. Units are in the names; anything else is refused with the right name. */

import type { HostId } from '@sluice/topology';
import { bitsPerSec, fromSeconds } from '@sluice/units';
import { z } from 'zod';
import {
  type MigrationId,
  type MigrationRequest,
  RATE_POLICIES,
  REQUEST_DEFAULTS,
  type VmId,
} from '../core/index.ts';

/** More rounds than any policy plans with; a migration that needs more does not converge. */
const ROUNDS_LIMIT = 100;
const ROUNDS_DEFAULT = 30;
const DOWNTIME_DEFAULT_SEC = 0.3;
const DEADLINE_MAX_SEC = 7 * 24 * 3600;
const RATE_MAX = 1e13;

const name = z.string().min(1).max(64);
const rate = z.number().positive().max(RATE_MAX).nullable().default(null);

export const migrationBodySchema = z
  .strictObject({
    vm: name,
    destination: name,
    source: name.nullable().default(null),
    policy: z.enum(RATE_POLICIES).default('bda'),
    deadlineSec: z.number().positive().max(DEADLINE_MAX_SEC).nullable().default(null),
    downtimeLimitSec: z.number().positive().max(600).default(DOWNTIME_DEFAULT_SEC),
    rateMinBitsPerSec: rate,
    rateMaxBitsPerSec: rate,
    roundsMax: z.int().min(1).max(ROUNDS_LIMIT).default(ROUNDS_DEFAULT),
    applicationFloorBitsPerSec: z.number().min(0).max(RATE_MAX).nullable().default(null),
    id: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'up to 64 letters, digits, _ or -')
      .optional(),
  })
  .refine((body) => (body.rateMinBitsPerSec ?? 0) <= (body.rateMaxBitsPerSec ?? Infinity), {
    path: ['rateMinBitsPerSec'],
    message: 'is above rateMaxBitsPerSec',
  });
export type MigrationBody = z.output<typeof migrationBodySchema>;

export function migrationRequestOf(body: MigrationBody, id: MigrationId): MigrationRequest {
  const rateOf = (value: number | null) => (value === null ? null : bitsPerSec(value));
  return {
    ...REQUEST_DEFAULTS,
    id,
    vmId: body.vm as VmId,
    source: body.source as HostId | null,
    destination: body.destination as HostId,
    policy: body.policy,
    deadline: body.deadlineSec === null ? null : fromSeconds(body.deadlineSec),
    downtimeLimit: fromSeconds(body.downtimeLimitSec),
    rateMin: rateOf(body.rateMinBitsPerSec),
    rateMax: rateOf(body.rateMaxBitsPerSec),
    roundsMax: body.roundsMax,
    applicationFloor: rateOf(body.applicationFloorBitsPerSec),
  };
}

const RATE_FIX = 'a number of bits per second, for instance 60000000 for 60 Mbit/s';
const SECONDS_FIX = 'a number of seconds, for instance 0.3';

/** What a field wants, for people. */
export const FIELD_FIXES: Readonly<Record<string, string>> = {
  vm: 'the name of a VM as in GET /v1/vms',
  destination: 'the name of a hypervisor host as in GET /v1/hosts',
  source: 'the name of the host on which the VM is, or leave it out',
  policy: `one of ${RATE_POLICIES.join(', ')}`,
  deadlineSec: SECONDS_FIX,
  downtimeLimitSec: SECONDS_FIX,
  rateMinBitsPerSec: RATE_FIX,
  rateMaxBitsPerSec: RATE_FIX,
  applicationFloorBitsPerSec: RATE_FIX,
  roundsMax: `a whole number from 1 to ${ROUNDS_LIMIT}`,
  id: 'up to 64 letters, digits, _ or -, or leave it out',
};

/** Names people try, and the field they mean. The first that fits counts. */
const MEANT: readonly (readonly [RegExp, string])[] = [
  [/floor/i, 'applicationFloorBitsPerSec'],
  [/min.*(rate|bandwidth|bit)|(rate|bandwidth).*min/i, 'rateMinBitsPerSec'],
  [/rate|bandwidth|speed|b\/?ps$|bit|cap/i, 'rateMaxBitsPerSec'],
  [/deadline|timeout/i, 'deadlineSec'],
  [/downtime|pause/i, 'downtimeLimitSec'],
  [/round|iteration/i, 'roundsMax'],
  [/polic|algorithm/i, 'policy'],
  [/dest|target|^to$/i, 'destination'],
  [/src|source|^from$/i, 'source'],
  [/vm|guest|domain|instance/i, 'vm'],
];

export function unknownFieldFix(field: string): string {
  const meant = MEANT.find(([pattern]) => pattern.test(field))?.[1];
  if (meant) return `use ${meant}: ${FIELD_FIXES[meant]}`;
  return `remove it; the fields are ${Object.keys(FIELD_FIXES).join(', ')}`;
}
