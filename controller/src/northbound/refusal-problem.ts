/** A refusal of the core as a problem document: which limit failed, by how much, and what would pass. */
import { bitsPerSec, formatRate } from '@sluice/units';
import type { Change, Refusal } from '../core/index.ts';
import { Problem } from './problem.ts';

type Kind = Refusal['kind'];
type Words<K extends Kind> = (refusal: Extract<Refusal, { kind: K }>) => {
  readonly status: 404 | 409 | 412 | 422;
  readonly title: string;
  readonly detail: string;
  readonly fix: string;
};

const rate = (value: number): string => formatRate(bitsPerSec(value));
const ROOM =
  'Ask for less with rateMaxBitsPerSec, wait until another migration has ended (GET /v1/reservations shows who holds what), or lower a floor.';

const WORDS: { readonly [K in Kind]: Words<K> } = {
  unknown_vm: ({ vmId }) => ({
    status: 404,
    title: 'Unknown VM',
    detail: `no agent has reported a VM named ${vmId}`,
    fix: 'Look at GET /v1/vms for the VMs that are known; if this one is missing, check that the agent of its host runs.',
  }),
  unknown_host: ({ hostId }) => ({
    status: 404,
    title: 'Unknown host',
    detail: `the inventory has no host named ${hostId}`,
    fix: 'Look at GET /v1/hosts for the names, or add the host to the inventory.',
  }),
  not_a_hypervisor: ({ hostId }) => ({
    status: 422,
    title: 'Not a hypervisor',
    detail: `${hostId} cannot run VMs`,
    fix: 'Choose a destination whose kind is hypervisor in GET /v1/hosts.',
  }),
  wrong_source: ({ hostId, actual }) => ({
    status: 409,
    title: 'The VM is elsewhere',
    detail: `the VM is on ${actual}, not on ${hostId}`,
    fix: `Say "source": "${actual}" or leave source out.`,
  }),
  same_host: ({ hostId }) => ({
    status: 422,
    title: 'Source and destination are the same',
    detail: `the VM is on ${hostId} already`,
    fix: 'Choose another destination.',
  }),
  vm_not_running: ({ vmId, runState }) => ({
    status: 409,
    title: 'The VM does not run',
    detail: `${vmId} is ${runState}`,
    fix: 'Only a running VM can be migrated; wait until it runs (GET /v1/vms).',
  }),
  vm_busy: ({ vmId, migrationId }) => ({
    status: 409,
    title: 'The VM is being migrated',
    detail: `${vmId} is in migration ${migrationId}`,
    fix: `Wait for migration ${migrationId}, or abort it with POST /v1/migrations/${migrationId}/abort.`,
  }),
  migration_exists: ({ migrationId }) => ({
    status: 409,
    title: 'The id is taken',
    detail: `there is a migration with the id ${migrationId}`,
    fix: 'Leave id out, or choose one that was never used. To retry safely, send the same Idempotency-Key.',
  }),
  host_unavailable: ({ hostId }) => ({
    status: 409,
    title: 'Host unavailable',
    detail: `the agent of ${hostId} does not report`,
    fix: `Start the agent on ${hostId} (sluice agent), or choose another host.`,
  }),
  no_path: ({ source, destination }) => ({
    status: 409,
    title: 'No path',
    detail: `no path of links that are up leads from ${source} to ${destination}`,
    fix: 'Look at GET /v1/topology for links that are down or unverified.',
  }),
  insufficient_capacity: ({ link, wantedBitsPerSec, freeBitsPerSec }) => ({
    status: 409,
    title: 'Not enough capacity',
    detail: `link ${link} has ${rate(freeBitsPerSec)} left, ${rate(wantedBitsPerSec)} are needed`,
    fix: ROOM,
  }),
  rate_too_low: ({ limit, hostId, wantedBitsPerSec, mostBitsPerSec }) => ({
    status: 422,
    title: 'The largest rate is too low',
    detail: `${limit === 'nic' ? `the NIC of ${hostId} carries` : 'rateMaxBitsPerSec allows'} ${rate(mostBitsPerSec)}, ${rate(wantedBitsPerSec)} are needed at least`,
    fix:
      limit === 'nic'
        ? `Ask for at most ${mostBitsPerSec} in rateMinBitsPerSec.`
        : `Allow at least ${wantedBitsPerSec} in rateMaxBitsPerSec.`,
  }),
  floor_infeasible: ({ link, wantedBitsPerSec, freeBitsPerSec }) => ({
    status: 409,
    title: 'The floor cannot be kept',
    detail: `link ${link} has ${rate(freeBitsPerSec)} for a floor, ${rate(wantedBitsPerSec)} were asked for`,
    fix: `Ask for at most ${Math.floor(freeBitsPerSec)} in applicationFloorBitsPerSec.`,
  }),
  will_not_converge: ({ dirtyRateBytesPerSec, rateBitsPerSec, rateNeededBitsPerSec }) => ({
    status: 422,
    title: 'The migration will not converge',
    detail: `the VM dirties ${rate(dirtyRateBytesPerSec * 8)} and would be sent at ${rate(rateBitsPerSec)}`,
    fix: `Allow at least ${Math.ceil(rateNeededBitsPerSec)} in rateMaxBitsPerSec, or raise downtimeLimitSec.`,
  }),
  deadline_infeasible: ({ deadlineSec, smallestSec, rateBitsPerSec }) => ({
    status: 422,
    title: 'The deadline cannot be met',
    detail: `at ${rate(rateBitsPerSec)} the migration takes ${smallestSec.toFixed(1)} s, the deadline is ${deadlineSec} s`,
    fix: `Ask for a deadlineSec of at least ${roundedUp(smallestSec)}, or allow more rate.`,
  }),
  downtime_infeasible: ({ downtimeLimitSec, smallestSec, rateBitsPerSec }) => ({
    status: 422,
    title: 'The downtime limit cannot be met',
    detail: `at ${rate(rateBitsPerSec)} the VM is paused for ${smallestSec.toFixed(3)} s, the limit is ${downtimeLimitSec} s`,
    fix: `Ask for a downtimeLimitSec of at least ${roundedUp(smallestSec)}, or allow more rate.`,
  }),
  migrations_max: ({ limit }) => ({
    status: 409,
    title: 'Too many migrations',
    detail: `${limit} migrations are under way, which is the limit`,
    fix: 'Wait until one has ended, or raise core.migrationsMax in the configuration.',
  }),
  quota_exceeded: ({ tenant, limit, quota, used, wanted }) => ({
    status: 409,
    title: 'The quota is used up',
    detail:
      limit === 'migrations_max'
        ? `${tenant} has ${used} of ${quota} migrations at some time of this one`
        : `${tenant} has been promised ${rate(used)} of ${rate(quota)} at some time of this migration, which needs ${rate(wanted)}`,
    fix: 'Wait until another migration of the tenant has ended, ask for a later startAtSec, or raise core.tenantQuotas.',
  }),
  quote_stale: ({ etag }) => ({
    status: 412,
    title: 'The quote is no longer true',
    detail: `the quote of the same request has the tag "${etag}" by now`,
    fix: 'Ask POST /v1/quotes again and send its ETag in If-Match, or leave If-Match out.',
  }),
  not_held: ({ migrationId, phase }) => ({
    status: 409,
    title: 'The migration is not held',
    detail: `migration ${migrationId} is ${phase}; only one that is held waits for a commit`,
    fix: `Look at GET /v1/migrations/${migrationId}.`,
  }),
  unknown_migration: ({ migrationId }) => ({
    status: 404,
    title: 'Unknown migration',
    detail: `there is no migration with the id ${migrationId}`,
    fix: 'Look at GET /v1/migrations for the ids.',
  }),
  migration_ended: ({ migrationId, outcome }) => ({
    status: 409,
    title: 'The migration has ended',
    detail: `migration ${migrationId} is over: ${outcome}`,
    fix: 'Nothing is left to abort.',
  }),
  vm_already_moved: ({ migrationId }) => ({
    status: 409,
    title: 'The VM has moved',
    detail: `the VM of migration ${migrationId} runs at the destination already`,
    fix: 'Let it finish; to bring the VM back, migrate it again.',
  }),
};

/** `changes`: what would pass, as a quote has proved it; it is told in place of what might. */
export function refusalProblem(refusal: Refusal, changes: readonly Change[] = []): Problem {
  const words = WORDS[refusal.kind] as Words<Kind>;
  const { kind, ...facts } = refusal;
  const told = words(refusal);
  if (changes.length === 0) return new Problem({ ...told, code: kind, facts });
  return new Problem({ ...told, code: kind, facts: { ...facts, changes }, fix: changesInWords(changes) });
}

/** `Any of these would pass: deadlineSec 12.3; rateMaxBitsPerSec 5000000 and downtimeLimitSec 0.4.` */
function changesInWords(changes: readonly Change[]): string {
  const each = changes.map(({ change: _change, ...values }) =>
    Object.entries(values)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => `${name} ${value}`)
      .join(' and '),
  );
  return `${each.length === 1 ? 'This' : 'Any of these'} would pass: ${each.join('; ')}.`;
}

/** Two decimals, never less than the value. */
const roundedUp = (value: number): number => Math.ceil(value * 100) / 100;
