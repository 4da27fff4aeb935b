/** The body of POST /v1/migrations. Units are in the names; anything else is refused with the right name. */

import type { HostId } from '@sluice/topology';
import { bitsPerSec, bytes, fromSeconds } from '@sluice/units';
import { z } from 'zod';
import {
  type HypervisorOptions,
  MECHANISMS,
  type MigrationId,
  type MigrationRequest,
  PRIORITY_DEFAULT,
  PRIORITY_MAX,
  RATE_POLICIES,
  TOGETHER_MAX,
  type VmId,
} from '../core/index.ts';

/** More rounds than any policy plans with; a migration that needs more does not converge. */
const ROUNDS_LIMIT = 100;
const ROUNDS_DEFAULT = 30;
const DOWNTIME_DEFAULT_SEC = 0.3;
const DEADLINE_MAX_SEC = 7 * 24 * 3600;
const RATE_MAX = 1e13;

const name = z.string().min(1).max(64);
/** A hold is for as long as two systems need to agree. */
const HOLD_MAX_SEC = 3600;
const START_MAX_SEC = 30 * 24 * 3600;
const WEIGHT_MAX = 1000;
/** A guest that loses all of its time does not run. */
const THROTTLE_MAX = 0.99;
/** QEMU's own limits: a page of the guest at least. */
const ANNOUNCE_ROUNDS_MAX = 1000;
const XBZRLE_CACHE_MIN = 4096;
const XBZRLE_CACHE_MAX = 2 ** 40;

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
    tenant: name.nullable().default(null),
    priority: z.int().min(0).max(PRIORITY_MAX).default(PRIORITY_DEFAULT),
    weight: z.number().positive().max(WEIGHT_MAX).default(1),
    /** After the request. */
    startAtSec: z.number().min(0).max(START_MAX_SEC).nullable().default(null),
    holdForSec: z.number().positive().max(HOLD_MAX_SEC).nullable().default(null),
    mayPreempt: z.boolean().default(false),
    mechanisms: z.array(z.enum(MECHANISMS)).min(1).max(MECHANISMS.length).default(['precopy']),
    throttleMax: z.number().positive().max(THROTTLE_MAX).nullable().default(null),
    togetherWith: z.array(name).max(TOGETHER_MAX).default([]),
    hypervisor: z
      .strictObject({
        announceRounds: z.int().min(0).max(ANNOUNCE_ROUNDS_MAX).nullable().default(null),
        xbzrleCacheBytes: z
          .int()
          .min(XBZRLE_CACHE_MIN)
          .max(XBZRLE_CACHE_MAX)
          .refine((size) => Number.isInteger(Math.log2(size)), 'is not a power of two')
          .nullable()
          .default(null),
      })
      .nullable()
      .default(null),
    id: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'up to 64 letters, digits, _ or -')
      .optional(),
  })
  .refine((body) => (body.rateMinBitsPerSec ?? 0) <= (body.rateMaxBitsPerSec ?? Infinity), {
    path: ['rateMinBitsPerSec'],
    message: 'is above rateMaxBitsPerSec',
  })
  .refine((body) => (body.startAtSec ?? 0) < (body.deadlineSec ?? Infinity), {
    path: ['startAtSec'],
    message: 'is not before deadlineSec, which counts from the request too',
  });
export type MigrationBody = z.output<typeof migrationBodySchema>;

/** `etag`: of the quote that must still be true. */
export function migrationRequestOf(
  body: Omit<MigrationBody, 'id'>,
  id: MigrationId,
  etag: string | null = null,
): MigrationRequest {
  const timeOf = (value: number | null) => (value === null ? null : fromSeconds(value));
  const rateOf = (value: number | null) => (value === null ? null : bitsPerSec(value));
  return {
    id,
    vmId: body.vm as VmId,
    source: body.source as HostId | null,
    destination: body.destination as HostId,
    policy: body.policy,
    deadline: timeOf(body.deadlineSec),
    downtimeLimit: fromSeconds(body.downtimeLimitSec),
    rateMin: rateOf(body.rateMinBitsPerSec),
    rateMax: rateOf(body.rateMaxBitsPerSec),
    roundsMax: body.roundsMax,
    applicationFloor: rateOf(body.applicationFloorBitsPerSec),
    tenant: body.tenant,
    priority: body.priority,
    weight: body.weight,
    startAt: timeOf(body.startAtSec),
    holdFor: timeOf(body.holdForSec),
    mayPreempt: body.mayPreempt,
    etag,
    mechanisms: body.mechanisms,
    throttleMax: body.throttleMax,
    // Names become ids.
    togetherWith: body.togetherWith as VmId[],
    hypervisor: hypervisorOptionsOf(body.hypervisor),
  };
}

const hypervisorOptionsOf = (options: MigrationBody['hypervisor']): HypervisorOptions | null =>
  options && {
    announceRounds: options.announceRounds,
    xbzrleCache: options.xbzrleCacheBytes === null ? null : bytes(options.xbzrleCacheBytes),
  };

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
  tenant: 'the name of a tenant as in core.tenantQuotas, or leave it out',
  priority: `a whole number from 0 to ${PRIORITY_MAX}; higher goes first`,
  weight: 'a number above 0, for instance 2 for twice as much',
  startAtSec: 'a number of seconds from now, before deadlineSec',
  holdForSec: `a number of seconds up to ${HOLD_MAX_SEC}; then commit with POST /v1/migrations/ID/commit`,
  mayPreempt: 'true or false',
  mechanisms: `a list of ${MECHANISMS.join(', ')}`,
  togetherWith: `a list of up to ${TOGETHER_MAX} VMs that are asked for along with it`,
  throttleMax: `a share between 0 and ${THROTTLE_MAX}`,
  hypervisor:
    '{"announceRounds": 0} for no self-announcements, {"xbzrleCacheBytes": 33554432} for page differences',
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
  [/prio/i, 'priority'],
  [/preempt/i, 'mayPreempt'],
  [/hold/i, 'holdForSec'],
  [/start|begin|after/i, 'startAtSec'],
  [/mechanism|post_?copy|mode/i, 'mechanisms'],
  [/throttle/i, 'throttleMax'],
  [/together|group|with/i, 'togetherWith'],
  [/announce|rarp|xbzrle|delta|hypervisor/i, 'hypervisor'],
  [/tenant|project|customer/i, 'tenant'],
  [/vm|guest|domain|instance/i, 'vm'],
];

export function unknownFieldFix(field: string): string {
  const meant = MEANT.find(([pattern]) => pattern.test(field))?.[1];
  if (meant) return `use ${meant}: ${FIELD_FIXES[meant]}`;
  return `remove it; the fields are ${Object.keys(FIELD_FIXES).join(', ')}`;
}
