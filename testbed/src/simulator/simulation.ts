/**
 * A story in virtual time: the same core as in production, with the network, the host agents and the applications
 * emulated. Time is 0 when the VMs start. Deterministic: the same story and seed give the same events to the byte.
 */
import { type AgentReport, HEARTBEAT_PERIOD_MS } from '@sluice/agents/contract';
import {
  activeMigrations,
  type CoreEvent,
  checkInvariants,
  type Effect,
  type Explanation,
  explain,
  type Input,
  initialEffects,
  initialState,
  type MigrationId,
  type Receipt,
  type State,
  step,
} from '@sluice/controller/core';
import { buildTopology, type HostId } from '@sluice/topology';
import { type Instant, instant, unreachable } from '@sluice/units';
import type { Story } from '../story/index.ts';
import type { Transfer } from './agent-world.ts';
import { Applications } from './applications.ts';
import { Channels } from './channels.ts';
import { coreConfigOf } from './core-config.ts';
import { migrationIdOf, requestOf } from './core-request.ts';
import { EmulatedAgents } from './emulated-agents.ts';
import { EmulatedNetwork } from './emulated-network.ts';
import { EmulatedSouthbound, MESSAGE_MS } from './emulated-southbound.ts';
import { EmulatedVm } from './emulated-vm.ts';
import { explainedEvent } from './explained.ts';
import { strike } from './faults.ts';
import { FluidNetwork } from './fluid-network.ts';
import { createRandom } from './random.ts';
import { createSchedule } from './schedule.ts';
import { Telemetry } from './telemetry.ts';
import type {
  Fault,
  SimulationOptions,
  SimulationOutcome,
  SimulationProgress,
  TimedEvent,
  TimedExplanation,
} from './types.ts';

const TICK_MS = 250;
const LINK_LOAD_MS = 1000;
/**
 * An hour of a thousand hosts is seven million heartbeats, and a hundred thousand migrations are as much again. A
 * simulation that needs more than this has lost its way.
 */
const STEPS_MAX = 50_000_000;
/** Between two looks at the clock of whoever waits for the outcome. */
const STEPS_PER_SLICE = 2_000;
const SAMPLED_STEPS = 1_000;

/** Runs a story to its end. @throws when the core breaks a promise (checked as `options.checks` says). */
export function simulate(story: Story, options: SimulationOptions = {}): SimulationOutcome {
  const slices = simulateInSlices(story, options);
  for (;;) {
    const { done, value } = slices.next();
    if (done) return value;
  }
}

/** The same in slices of some milliseconds each, so that whoever waits can tell how far it is, or leave it. */
export const simulateInSlices = (
  story: Story,
  options: SimulationOptions = {},
): Generator<SimulationProgress, SimulationOutcome> => new Simulation(story, options).run();

class Simulation {
  private readonly schedule = createSchedule();
  private readonly random;
  private readonly topology;
  private readonly fluid;
  private readonly network;
  private readonly agents;
  private readonly applications;
  private readonly telemetry;
  private readonly vms: ReadonlyMap<string, EmulatedVm>;
  private readonly southbound: EmulatedSouthbound;
  private readonly reports: Channels;
  private readonly events: TimedEvent[] = [];
  private readonly receipts: Receipt[] = [];
  private readonly explanations: TimedExplanation[] = [];
  private readonly savedReservations = new Set<number>();
  private state: State;
  /** Migrations that have not been answered; an abort is answered, too, and does not count. */
  private readonly unanswered: Set<string>;
  private readonly underWay = new Set<string>();
  private endedMs: number | null = null;
  private steps = 0;
  private heardInputs = 0;

  constructor(
    private readonly story: Story,
    private readonly options: SimulationOptions,
  ) {
    this.random = createRandom(options.seed ?? 1);
    this.topology = buildTopology(story.network);
    this.fluid = new FluidNetwork(this.topology);
    this.network = new EmulatedNetwork(this.topology, this.fluid);
    this.vms = new Map(story.vms.map((vm) => [vm.name, new EmulatedVm(vm, vm.host)]));
    this.applications = new Applications(story, this.fluid, this.network, this.vms, () => this.now);
    this.telemetry = new Telemetry(this.topology, this.fluid, this.vms, this.applications, () => this.now);
    this.agents = new EmulatedAgents(this.vms, {
      nowMs: () => this.now,
      after: (ms, action) => this.schedule.at(this.now + ms, action),
      report: (hostId, report) => this.report(hostId, report),
      transfer: (transfer) => this.transfer(transfer),
      stopTransfer: (migrationId) => this.fluid.remove(migrationId),
      movedBits: (migrationId) => this.fluid.progress(migrationId).movedBits,
      addressOf: (hostId) => this.topology.hosts.get(hostId as HostId)?.ip ?? '',
      vmChanged: (vm) => this.applications.vmChanged(vm),
      vmMoved: (vm, from) => this.telemetry.vmMoved(vm, from),
      placesChanged: (hostIds) => {
        for (const hostId of hostIds) this.report(hostId, this.telemetry.hostProfile(hostId));
      },
      profile: (vm) => vm.profile(this.now, this.applications.trafficOf(vm)),
    });
    this.reports = new Channels(MESSAGE_MS, this.schedule, this.random);
    this.southbound = new EmulatedSouthbound(
      {
        network: this.network,
        agents: this.agents,
        applications: this.applications,
        hear: (input) => this.hear(input),
      },
      this.schedule,
      this.random,
    );
    this.state = initialState(this.topology, coreConfigOf(story), { now: instant(0) });
    this.unanswered = new Set(story.migrations.map(migrationIdOf));
  }

  *run(): Generator<SimulationProgress, SimulationOutcome> {
    this.perform(initialEffects(this.state));
    this.applications.begin();
    this.begin();
    const limitMs = (this.options.untilSec ?? this.story.warmupSec + this.story.timeoutSec) * 1000;
    while (this.steps < STEPS_MAX) {
      this.steps += 1;
      if (this.steps % STEPS_PER_SLICE === 0) yield this.progress();
      const nextMs = Math.min(this.schedule.nextMs, this.fluid.nextDoneMs);
      const endMs = this.endMs(limitMs);
      this.fluid.advance(Math.min(nextMs, endMs));
      this.schedule.nowMs = Math.min(nextMs, endMs);
      if (nextMs > endMs) return this.outcome();
      this.fluid.finish();
      if (this.schedule.nextMs <= this.now) this.schedule.take()?.action();
    }
    throw new Error(`broken promise: the simulation did not end within ${STEPS_MAX} steps`);
  }

  private get now(): number {
    return this.schedule.nowMs;
  }
  /** The same for the core. */
  private get instant(): Instant {
    return instant(this.schedule.nowMs);
  }

  /** Everything that is known beforehand: heartbeats, ticks, requests, faults, samples. */
  private begin(): void {
    const every = (ms: number, action: () => void) => {
      const again = () => {
        action();
        this.schedule.at(this.now + ms, again);
      };
      this.schedule.at(this.now + ms, again);
    };
    const hypervisors = this.story.network.hosts.filter((host) => host.kind === 'hypervisor');
    for (const host of hypervisors) {
      this.report(host.name, this.telemetry.hostProfile(host.name));
      every(HEARTBEAT_PERIOD_MS, () => this.report(host.name, this.telemetry.nicLoad(host.name)));
    }
    every(TICK_MS, () => this.hear({ kind: 'tick', now: this.instant }));
    every(LINK_LOAD_MS, () =>
      this.hear({ kind: 'link_load_measured', loads: this.telemetry.linkLoads(), now: this.instant }),
    );
    every(this.applications.samplePeriodMs, () => this.applications.sample());
    const mode = this.options.mode ?? 'managed';
    this.story.migrations.forEach((migration, index) => {
      this.schedule.at((this.story.warmupSec + migration.atSec) * 1000, () =>
        this.hear({
          kind: 'migration_requested',
          request: requestOf(migration, index, mode === 'unmanaged' ? 'unmanaged' : this.options.policy),
          now: this.instant,
        }),
      );
    });
    for (const fault of this.options.faults ?? [])
      this.schedule.at((this.story.warmupSec + fault.atSec) * 1000, () => this.strike(fault));
  }

  private hear(input: Input): void {
    const before = this.state;
    const { state, effects } = step(before, input);
    this.state = state;
    this.heardInputs += 1;
    if (this.checksNow) checkInvariants(state);
    this.options.onStep?.(state);
    if (state.config.shadow && state.places !== before.places) this.forwardByThemselves();
    this.perform(effects);
    this.noticeEnd();
  }

  /** In shadow mode nobody tells the switches, and applications go on all the same. */
  private forwardByThemselves(): void {
    this.network.setForwarding(this.state.places, []);
    this.applications.forwardingChanged();
  }

  private perform(effects: readonly Effect[]): void {
    for (const effect of effects) this.carryOut(effect);
  }

  private carryOut(effect: Effect): void {
    switch (effect.kind) {
      case 'answer':
        if (this.unanswered.delete(effect.migrationId) && effect.answer.ok)
          this.underWay.add(effect.migrationId);
        if (!effect.answer.ok) this.note('answer_refused', effect.migrationId, { ...effect.answer.refusal });
        break;
      case 'send_command':
      case 'install_reservation':
      case 'resize_reservation':
      case 'reroute_reservation':
      case 'remove_reservation':
      case 'read_counters':
      case 'set_forwarding':
        this.southbound.carryOut(effect);
        break;
      case 'save_migration':
        break; // Nobody restarts the controller here, so nobody reads it.
      case 'save_reservation':
        this.savedReservations.add(effect.reservation.id);
        break;
      case 'delete_reservation':
        this.savedReservations.delete(effect.reservationId);
        break;
      case 'save_receipt':
        this.underWay.delete(effect.receipt.migrationId);
        this.receipts.push(effect.receipt);
        break;
      case 'announce':
        this.tell(effect.event);
        break;
      default:
        unreachable(effect);
    }
  }

  private report(hostId: string, report: AgentReport): void {
    if (!this.agents.isAlive(hostId)) return;
    // Hosts come from the inventory.
    this.reports.send(hostId, () =>
      this.hear({ kind: 'agent_reported', hostId: hostId as HostId, report, now: this.instant }),
    );
  }

  private transfer(transfer: Transfer): void {
    const reservation = this.network.reservationOf(transfer.migrationId);
    this.fluid.put({
      id: transfer.migrationId,
      shape: 'elastic',
      path: reservation?.path ?? this.network.way(transfer.source as HostId, transfer.destination as HostId),
      demand: transfer.rate,
      reservation: reservation?.id,
      volume: transfer.volume,
      onDone: transfer.onDone,
    });
  }

  private strike(fault: Fault): void {
    strike(fault, {
      story: this.story,
      topology: this.topology,
      fluid: this.fluid,
      network: this.network,
      agents: this.agents,
      after: (ms, action) => this.schedule.at(this.now + ms, action),
      hear: (heard) => this.hear({ ...heard, now: this.instant } as Input),
      note: (type, detail) => this.note(type, null, detail),
      explain: (migrationId) => {
        this.tell(explainedEvent(migrationId, this.explain(migrationId)));
      },
    });
  }

  private explain(migrationId: MigrationId): Explanation | null {
    const explanation = explain(this.state, migrationId);
    if (explanation !== null) this.explanations.push({ atMs: this.now, explanation });
    return explanation;
  }

  private tell(event: CoreEvent): void {
    if (this.options.explains && event.type === 'reallocated' && event.migrationId !== null)
      this.explain(event.migrationId);
    const timed = { atMs: this.now, event };
    this.events.push(timed);
    this.options.onEvent?.(timed);
  }
  private note(type: string, migrationId: CoreEvent['migrationId'], detail: CoreEvent['detail']): void {
    this.tell({ type, migrationId, detail });
  }

  private noticeEnd(): void {
    if (this.unanswered.size > 0 || this.underWay.size > 0) this.endedMs = null;
    else this.endedMs ??= this.now;
  }
  private endMs(limitMs: number): number {
    if (this.options.untilSec !== undefined || this.endedMs === null) return limitMs;
    return Math.min(limitMs, this.endedMs + this.story.cooldownSec * 1000);
  }

  private get checksNow(): boolean {
    switch (this.options.checks) {
      case 'none':
        return false;
      case 'sampled':
        return this.heardInputs % SAMPLED_STEPS === 0;
      default:
        return true;
    }
  }
  private progress(): SimulationProgress {
    const migrations = this.story.migrations.length;
    return {
      nowSec: this.now / 1000,
      migrations,
      ended: migrations - this.unanswered.size - this.underWay.size,
    };
  }

  private outcome(): SimulationOutcome {
    this.applications.sample();
    return {
      seed: this.options.seed ?? 1,
      endedSec: this.now / 1000,
      inputs: this.heardInputs,
      events: this.events,
      receipts: this.receipts,
      explanations: this.explanations,
      flows: this.applications.flows(),
      gaps: this.applications.gaps(),
      finalState: this.state,
      left: {
        reservationsInNetwork: this.network.reservationsLeft,
        reservationsStored: this.savedReservations.size,
        migrationsActive: activeMigrations(this.state).length,
      },
      places: new Map([...this.vms].map(([name, vm]) => [name, { hostId: vm.hostId, state: vm.state }])),
    };
  }
}
