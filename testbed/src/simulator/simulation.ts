/**
 * A story in virtual time: the same core as in production, with the network, the host agents and the applications
 * emulated. Time is 0 when the VMs start. Deterministic: the same story and seed give the same events to the byte.
 */
import { type AgentReport, HEARTBEAT_PERIOD_MS } from '@sluice/agents/contract';
import {
  activeMigrations,
  type CoreEvent,
  checkInvariants,
  DEFAULT_CORE_CONFIG,
  type Effect,
  type Heard,
  type Input,
  initialEffects,
  initialState,
  type Receipt,
  type State,
  step,
} from '@sluice/controller/core';
import { buildTopology, type HostId, type LinkId } from '@sluice/topology';
import { assert, instant, unreachable } from '@sluice/units';
import type { Story } from '../story/index.ts';
import { Applications } from './applications.ts';
import { migrationIdOf, requestOf } from './core-request.ts';
import { EmulatedAgents, type Transfer } from './emulated-agents.ts';
import { EmulatedNetwork } from './emulated-network.ts';
import { EmulatedVm } from './emulated-vm.ts';
import { FluidNetwork } from './fluid-network.ts';
import { createRandom } from './random.ts';
import { createSchedule } from './schedule.ts';
import { Telemetry } from './telemetry.ts';
import type { Fault, SimulationOptions, SimulationOutcome, TimedEvent } from './types.ts';

const TICK_MS = 250;
const LINK_LOAD_MS = 1000;
/** Ways and delays of the real parts, drawn anew each time: Redis stream, switch with barrier, counters. */
const MESSAGE_MS = [0.5, 3] as const;
const NETWORK_CHANGE_MS = [10, 40] as const;
const COUNTERS_MS = [1, 6] as const;
const FORWARDING_MS = [2, 8] as const;
/** Until a switch has reported its port, and the controller has heard of it. */
const LINK_NOTICE_MS = 60;
/** A simulation that needs more has lost its way: the longest story has 3600 s of ticks and heartbeats. */
const STEPS_MAX = 5_000_000;

/** Runs a story to its end. @throws when the core breaks a promise (checked after every step). */
export function simulate(story: Story, options: SimulationOptions = {}): SimulationOutcome {
  return new Simulation(story, options).run();
}

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
  private readonly channels = new Map<string, number>();
  private readonly events: TimedEvent[] = [];
  private readonly receipts: Receipt[] = [];
  private readonly savedReservations = new Set<number>();
  private state: State;
  /** Migrations that have not been answered; an abort is answered, too, and does not count. */
  private readonly unanswered: Set<string>;
  private endedMs: number | null = null;
  private steps = 0;

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
      addressOf: (hostId) => this.topology.hosts.get(hostId as HostId)?.ip ?? '',
      vmChanged: () => this.applications.update(),
      placesChanged: (hostIds) => {
        for (const hostId of hostIds) this.report(hostId, this.telemetry.hostProfile(hostId));
      },
      profile: (vm) => vm.profile(this.now, this.applications.trafficOf(vm)),
    });
    const { energy, ...limits } = story.controller;
    const given = Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
    this.state = initialState(
      this.topology,
      { ...DEFAULT_CORE_CONFIG, ...given, ...(energy ? { energy } : {}) },
      { now: instant(0) },
    );
    this.unanswered = new Set(story.migrations.map(migrationIdOf));
  }

  run(): SimulationOutcome {
    this.perform(initialEffects(this.state));
    this.applications.update();
    this.begin();
    const limitMs = (this.options.untilSec ?? this.story.warmupSec + this.story.timeoutSec) * 1000;
    while (this.steps < STEPS_MAX) {
      this.steps += 1;
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
    every(TICK_MS, () => this.hear({ kind: 'tick' }));
    every(LINK_LOAD_MS, () => this.hear({ kind: 'link_load_measured', loads: this.telemetry.linkLoads() }));
    every(this.applications.samplePeriodMs, () => this.applications.sample());
    const mode = this.options.mode ?? 'managed';
    this.story.migrations.forEach((migration, index) => {
      this.schedule.at((this.story.warmupSec + migration.atSec) * 1000, () =>
        this.hear({
          kind: 'migration_requested',
          request: requestOf(migration, index, mode === 'unmanaged' ? 'unmanaged' : this.options.policy),
        }),
      );
    });
    for (const fault of this.options.faults ?? [])
      this.schedule.at((this.story.warmupSec + fault.atSec) * 1000, () => this.strike(fault));
  }

  private hear(heard: Heard): void {
    const before = this.state;
    const { state, effects } = step(before, { ...heard, now: instant(this.now) } as Input);
    this.state = state;
    checkInvariants(state);
    this.options.onStep?.(state);
    this.perform(effects);
    this.noticeEnd();
  }

  private perform(effects: readonly Effect[]): void {
    for (const effect of effects) this.carryOut(effect);
  }

  private carryOut(effect: Effect): void {
    switch (effect.kind) {
      case 'answer':
        this.unanswered.delete(effect.migrationId);
        if (!effect.answer.ok) this.note('answer_refused', effect.migrationId, { ...effect.answer.refusal });
        break;
      case 'send_command':
        this.inOrder(`to ${effect.hostId}`, MESSAGE_MS, () =>
          this.agents.handle(effect.hostId, effect.command),
        );
        break;
      case 'install_reservation':
      case 'resize_reservation': {
        const operation = effect.kind === 'install_reservation' ? 'install' : 'resize';
        this.inOrder('network', NETWORK_CHANGE_MS, () => {
          const { reservation, queues } = effect;
          const failure = this.network.install(reservation, queues);
          this.hear(
            failure === null
              ? { kind: 'network_done', reservationId: reservation.id, operation }
              : {
                  kind: 'network_failed',
                  reservationId: reservation.id,
                  operation,
                  code: 'link_unavailable',
                  detail: failure,
                },
          );
        });
        break;
      }
      case 'remove_reservation':
        this.inOrder('network', NETWORK_CHANGE_MS, () => {
          this.network.remove(effect.reservation, effect.queues);
          this.hear({ kind: 'network_done', reservationId: effect.reservation.id, operation: 'remove' });
        });
        break;
      case 'read_counters':
        this.inOrder('counters', COUNTERS_MS, () =>
          this.hear({
            kind: 'counters_read',
            reservationId: effect.reservation.id,
            ...this.network.counters(effect.reservation),
          }),
        );
        break;
      case 'set_forwarding':
        this.inOrder('forwarding', FORWARDING_MS, () => {
          this.network.setForwarding(effect.places, effect.linksDown);
          this.applications.update();
        });
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
        this.receipts.push(effect.receipt);
        break;
      case 'announce':
        this.tell(effect.event);
        break;
      default:
        unreachable(effect);
    }
  }

  /** After a delay, but never before what was sent earlier on the same channel. */
  private inOrder(channel: string, [low, high]: readonly [number, number], action: () => void): void {
    const atMs = Math.max(this.now + this.random.between(low, high), this.channels.get(channel) ?? 0);
    this.channels.set(channel, atMs);
    this.schedule.at(atMs, action);
  }

  private report(hostId: string, report: AgentReport): void {
    if (!this.agents.isAlive(hostId)) return;
    this.inOrder(`from ${hostId}`, MESSAGE_MS, () =>
      this.hear({ kind: 'agent_reported', hostId: hostId as HostId, report }),
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
    switch (fault.kind) {
      case 'abort':
        this.hear({
          kind: 'abort_requested',
          migrationId: requestOf(this.migrationOf(fault.vm), this.indexOf(fault.vm)).id,
          reason: 'asked by the story',
        });
        break;
      case 'agent_dies':
        this.note('fault_agent_dies', null, { hostId: fault.hostId });
        this.agents.kill(fault.hostId);
        break;
      case 'link_breaks':
        this.note('fault_link_breaks', null, { link: fault.link });
        for (const link of this.bothWays(fault.link)) {
          this.fluid.setDown(link, true);
          this.schedule.at(this.now + LINK_NOTICE_MS, () => this.hear({ kind: 'link_went_down', link }));
        }
        break;
      default:
        unreachable(fault);
    }
  }

  private tell(event: CoreEvent): void {
    const timed = { atMs: this.now, event };
    this.events.push(timed);
    this.options.onEvent?.(timed);
  }
  private note(type: string, migrationId: CoreEvent['migrationId'], detail: CoreEvent['detail']): void {
    this.tell({ type, migrationId, detail });
  }

  private bothWays(link: string): readonly LinkId[] {
    const found = this.topology.links.get(link as LinkId);
    assert(found, `the story has no link ${link}; there is ${[...this.topology.links.keys()].join(', ')}`);
    return [found.id, found.reverse];
  }
  private indexOf(vm: string): number {
    const index = this.story.migrations.findIndex((migration) => migration.vm === vm);
    assert(index >= 0, `the story migrates no VM ${vm}`);
    return index;
  }
  private migrationOf(vm: string) {
    const migration = this.story.migrations[this.indexOf(vm)];
    assert(migration, `the story migrates ${vm}`);
    return migration;
  }

  private noticeEnd(): void {
    if (this.unanswered.size > 0 || activeMigrations(this.state).length > 0) this.endedMs = null;
    else this.endedMs ??= this.now;
  }
  private endMs(limitMs: number): number {
    if (this.options.untilSec !== undefined || this.endedMs === null) return limitMs;
    return Math.min(limitMs, this.endedMs + this.story.cooldownSec * 1000);
  }

  private outcome(): SimulationOutcome {
    this.applications.sample();
    return {
      seed: this.options.seed ?? 1,
      endedSec: this.now / 1000,
      events: this.events,
      receipts: this.receipts,
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
