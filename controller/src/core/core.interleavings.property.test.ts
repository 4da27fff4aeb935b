/**
 * Whatever comes together at the end of a migration, in whatever order: completion, abort, failure, a link that breaks
 * and another way, a hold that expires, a booking whose time comes, a stronger one that needs the room. Each migration
 * that was accepted reaches exactly one terminal state, says so once, and is never heard of again; when all have ended,
 * nobody holds anything. `World` checks the promises of the core after every input.
 */
import type { HostId, Topology } from '@sluice/topology';
import { bitsPerSec, instant, millis } from '@sluice/units';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  activeMigrations,
  type CoreConfig,
  type CoreEvent,
  type Effect,
  type Input,
  isActive,
  type Migration,
  type MigrationId,
  type MigrationRequest,
  reservations,
  type VmId,
} from './index.ts';
import { freeOver } from './ledger/index.ts';
import { act, drain, network, plan, play, vms } from './testing/random-world.ts';
import { request, World } from './testing/world.ts';

/** On a busy machine; alone it takes a few seconds. */
const TIMEOUT_MS = 180_000;
const OUTCOMES = ['completed', 'aborted', 'failed'] as const;

const KINDS = ['ask', 'ask', 'ask', 'commit', 'end', 'usual', 'usual', 'run', 'run', 'run', 'run'] as const;
const turn = fc.record({ kind: fc.constantFrom(...KINDS), act });
type Turn = typeof turn extends fc.Arbitrary<infer T> ? T : never;

/** Narrow, with other ways: so that the strong need what the weak have, and there is a way round a broken link. */
const narrow = plan.map(({ switches, rates, extraLinks }) => ({
  switches: 2 + (switches % 3),
  rates: rates.map((rate) => 20 + rate / 4),
  extraLinks: [...extraLinks, [0, 1] as const, [0, 2] as const],
}));

describe('a migration', () => {
  it(
    'has exactly one end, whatever happens to it at the same time, and leaves nothing behind',
    () => {
      const seen = new Map<string, number>();
      fc.assert(
        fc.property(narrow, fc.array(turn, { minLength: 20, maxLength: 90 }), (plan_, turns) => {
          const world = new Watched(network(plan_), {
            tenantQuotas: { t1: { migrationsMax: 2, rateMax: null } },
          });
          for (const [index, one] of turns.entries()) world.play(one, index);
          world.finish();
          for (const what of world.seen) seen.set(what, (seen.get(what) ?? 0) + 1);
        }),
        { numRuns: 250 },
      );
      // A property that never gets anywhere proves nothing.
      for (const what of MUST_BE_SEEN) expect(seen.get(what) ?? 0, what).toBeGreaterThan(5);
    },
    TIMEOUT_MS,
  );
});

const MUST_BE_SEEN = [
  'migration_completed',
  'migration_aborted',
  'migration_failed',
  'migration_committed',
  'rerouting',
  'abort_requested',
  'hold_expired',
  'preempted',
  'link_down',
  'quota_exceeded',
  'postcopy_ordered',
];

const MECHANISMS_ASKED: readonly MigrationRequest['mechanisms'][] = [
  ['precopy'],
  ['precopy'],
  ['postcopy'],
  ['precopy', 'hybrid'],
];

/** Knows of every migration how it has ended, and that nothing follows. */
class Watched extends World {
  /** Events, and reasons of ends and refusals. */
  readonly seen: string[] = [];
  /** Whose turn it is, and the state that it found. */
  private asking: MigrationRequest | null = null;
  private before = this.state;
  private readonly accepted = new Set<MigrationId>();
  private readonly ended = new Map<MigrationId, Migration>();
  private readonly saved = new Map<number, MigrationId>();

  constructor(topology: Topology, config: Partial<CoreConfig>) {
    super(topology, config);
    const placed = vms();
    for (const hostId of this.state.hosts.keys())
      this.hostProfile(hostId, placed[hostId] ?? [], { capabilities: ['postcopy'] });
  }

  play({ kind, act: one }: Turn, index: number): void {
    const active = activeMigrations(this.state);
    const migration = active[one.pick % Math.max(1, active.length)];
    if (kind === 'ask') this.askFor(one, index);
    else if (kind === 'commit' && migration !== undefined)
      this.send({ kind: 'commit_requested', migrationId: migration.id });
    else if (kind === 'end' && migration !== undefined) this.endInSeveralWays(migration, one);
    else if (kind === 'run') this.run(one, index);
    else play(this, one, index);
  }

  /** Some steps of one migration's healthy life. */
  private run(one: Turn['act'], index: number): void {
    for (const step of [0, 1, 2, 3]) {
      const amount = 0.2 + ((one.amount + step * 0.23) % 0.8);
      play(this, { ...one, kind: 'advance', amount }, index);
    }
  }

  /** Now, held, booked, with more or less right to take from others. */
  private askFor({ pick, other, amount, policy, floor }: Turn['act'], index: number): void {
    this.wait(20);
    const mayPreempt = other % 2 === 0;
    const vmId = `vm${pick % 8}` as VmId;
    const others = [...this.state.hosts.keys()].filter((host) => host !== this.state.vms.get(vmId)?.hostId);
    this.ask(
      request(`m${index}`, {
        vmId,
        destination: others[other % others.length] as HostId,
        policy: policy === 'unmanaged' ? 'bda' : policy,
        downtimeLimit: millis(100 + amount * 1000),
        deadline: pick % 3 === 0 ? millis(60_000 + amount * 200_000) : null,
        rateMin: other % 3 !== 0 ? bitsPerSec(Math.ceil(1e6 + amount * (mayPreempt ? 50e6 : 30e6))) : null,
        roundsMax: 4,
        applicationFloor: floor && pick % 4 === 0 ? bitsPerSec(Math.ceil(amount * 10e6)) : null,
        startAt: pick % 4 === 1 ? millis(100 + amount * 2000) : null,
        holdFor: pick % 5 === 2 ? millis(100 + amount * 2000) : null,
        priority: mayPreempt ? 3 + (other % 7) : other % 7,
        mayPreempt,
        tenant: pick % 3 === 1 ? 't1' : null,
        mechanisms: MECHANISMS_ASKED[(pick + other) % MECHANISMS_ASKED.length] ?? ['precopy'],
      }),
    );
  }

  /** Two or three ends at once; whichever is first counts. */
  private endInSeveralWays(
    { id, source, destination }: Migration,
    { pick, other, amount }: Turn['act'],
  ): void {
    const ends = [
      () => this.send({ kind: 'abort_requested', migrationId: id, reason: 'enough' }),
      () => this.failed(id, 'source', false),
      () => this.failed(id, 'destination', amount < 0.5),
      () => this.finishSending(id, amount),
      () => this.finishSending(id, 1),
      () => this.networkFailedIfAsked(id),
      () => this.breakLink(id, pick),
      () => this.pass(500, amount < 0.3 ? [source, destination] : []),
    ];
    for (const shift of [0, 3, 5].slice(0, 2 + (other % 2))) {
      const end = ends[(pick + shift) % ends.length];
      if (this.state.migrations.has(id)) end?.();
    }
  }

  /** The VM goes on at the destination, and the source says that all is done. */
  private finishSending(id: MigrationId, amount: number): void {
    const { startedAt, phase } = this.migration(id);
    if (startedAt === null || (phase !== 'precopy' && phase !== 'stop_and_copy')) return;
    if (amount < 0.7) this.resumed(id);
    if (amount > 0.3) this.completed(id);
  }

  private networkFailedIfAsked(id: MigrationId): void {
    const { networkPending } = this.migration(id);
    if (networkPending !== null) this.networkFailed(id, networkPending);
  }

  /** And mends another, or soon nothing could go anywhere. */
  private breakLink(id: MigrationId, pick: number): void {
    const { path } = this.migration(id);
    const between = path.slice(1, -1);
    const link = between[pick % Math.max(1, between.length)];
    for (const down of this.state.linksDown) this.send({ kind: 'link_came_up', link: down });
    if (link !== undefined) this.send({ kind: 'link_went_down', link });
  }

  override send(input: Parameters<World['send']>[0]): readonly Effect[] {
    this.before = this.state;
    this.asking = input.kind === 'migration_requested' ? input.request : null;
    const effects = super.send(input);
    for (const effect of effects) this.watch(effect, input.kind);
    for (const [id, migration] of this.ended)
      if (this.state.migrations.has(id)) expect(this.state.migrations.get(id)).toBe(migration);
    return effects;
  }

  private watch(effect: Effect, cause: Input['kind']): void {
    const id = subjectOf(effect);
    if (effect.kind === 'answer' && !effect.answer.ok) this.seen.push(effect.answer.refusal.kind);
    if (effect.kind === 'answer' && effect.answer.ok && cause === 'migration_requested')
      this.accepted.add(effect.answer.migrationId);
    if (effect.kind === 'save_reservation')
      this.saved.set(effect.reservation.id, effect.reservation.migrationId);
    if (effect.kind === 'delete_reservation') expect(this.saved.delete(effect.reservationId)).toBe(true);
    if (effect.kind === 'announce') this.seen.push(effect.event.type);
    if (effect.kind === 'announce' && effect.event.type === 'preempted') this.checkPreempted(effect.event);
    if (id === null || effect.kind === 'answer') return;
    const terminal = OUTCOMES.find(
      (outcome) => effect.kind === 'announce' && effect.event.type === `migration_${outcome}`,
    );
    if (terminal === undefined) return;
    const migration = this.migration(id);
    expect(this.ended.has(id), `${id} ends twice`).toBe(false);
    expect(migration.phase).toBe(terminal);
    this.ended.set(id, migration);
    if (migration.reason !== null) this.seen.push(migration.reason);
  }

  /** Only who may takes, only from those of a lower priority, and never from one whose VM is about to move. */
  private checkPreempted({ migrationId, detail }: CoreEvent): void {
    const victim = migrationId === null ? undefined : this.before.migrations.get(migrationId);
    if (victim === undefined || this.asking === null) throw new Error('nobody asked for it');
    expect(detail.by).toBe(this.asking.id);
    expect(this.asking.mayPreempt).toBe(true);
    expect(victim.request.priority).toBeLessThan(this.asking.priority);
    expect([victim.isSwitchoverOrdered, victim.postcopy, victim.outcome]).toEqual([false, null, null]);
  }

  finish(): void {
    drain(this);
    expect(activeMigrations(this.state)).toEqual([]);
    expect(reservations(this.state)).toEqual([]);
    expect([...this.saved]).toEqual([]);
    expect([...this.accepted].filter((id) => !this.ended.has(id))).toEqual([]);
    for (const migration of this.state.migrations.values()) expect(isActive(migration)).toBe(false);
    const empty = new World(this.state.topology, this.state.config).state;
    const always = { from: instant(this.now), until: null };
    for (const link of this.state.topology.links.keys())
      expect(freeOver(this.state, link, always)).toBe(freeOver(empty, link, always));
  }
}

/** The migration that an effect is about. */
function subjectOf(effect: Effect): MigrationId | null {
  switch (effect.kind) {
    case 'announce':
      return effect.event.migrationId;
    case 'answer':
      return effect.migrationId;
    default:
      return null;
  }
}
