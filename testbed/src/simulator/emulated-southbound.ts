/** What the controller's southbound does with effects, in virtual time, and what it answers. */
import type { Input, QueueTarget, Reservation, SouthboundEffect } from '@sluice/controller/core';
import { type Instant, instant } from '@sluice/units';
import type { Applications } from './applications.ts';
import { Channels } from './channels.ts';
import type { EmulatedAgents } from './emulated-agents.ts';
import type { EmulatedNetwork } from './emulated-network.ts';
import type { Random } from './random.ts';
import type { Schedule } from './schedule.ts';

/** Ways and delays of the real parts: Redis stream, switch with barrier, counters, forwarding entries. */
export const MESSAGE_MS = [0.5, 3] as const;
const NETWORK_CHANGE_MS = [10, 40] as const;
const COUNTERS_MS = [1, 6] as const;
const FORWARDING_MS = [2, 8] as const;

type SetForwarding = Extract<SouthboundEffect, { kind: 'set_forwarding' }>;

export interface SouthboundParts {
  readonly network: EmulatedNetwork;
  readonly agents: EmulatedAgents;
  readonly applications: Applications;
  readonly hear: (input: Input) => void;
}

export class EmulatedSouthbound {
  private readonly messages: Channels;
  private readonly changes: Channels;
  private readonly counters: Channels;
  private readonly forwarding: Channels;
  private told: SetForwarding | null = null;

  constructor(
    private readonly parts: SouthboundParts,
    private readonly schedule: Schedule,
    random: Random,
  ) {
    this.messages = new Channels(MESSAGE_MS, schedule, random);
    this.changes = new Channels(NETWORK_CHANGE_MS, schedule, random);
    this.counters = new Channels(COUNTERS_MS, schedule, random);
    this.forwarding = new Channels(FORWARDING_MS, schedule, random);
  }

  carryOut(effect: SouthboundEffect): void {
    const { network, agents, applications } = this.parts;
    switch (effect.kind) {
      case 'send_command':
        this.messages.send(effect.hostId, () => agents.handle(effect.hostId, effect.command));
        break;
      case 'install_reservation':
        this.changes.send('', () => this.install(effect.reservation, effect.queues, 'install'));
        break;
      case 'resize_reservation':
        this.changes.send('', () => this.install(effect.reservation, effect.queues, 'resize'));
        break;
      case 'reroute_reservation':
        this.changes.send('', () => this.install(effect.to, effect.queues, 'reroute'));
        break;
      case 'remove_reservation':
        this.changes.send('', () => {
          network.remove(effect.reservation, effect.queues);
          this.parts.hear({
            kind: 'network_done',
            reservationId: effect.reservation.id,
            operation: 'remove',
            now: this.now,
          });
        });
        break;
      case 'read_counters':
        this.counters.send('', () => {
          const { queueBytes, meterBytes } = network.counters(effect.reservation);
          this.parts.hear({
            kind: 'counters_read',
            reservationId: effect.reservation.id,
            queueBytes,
            meterBytes,
            now: this.now,
          });
        });
        break;
      case 'set_forwarding':
        if (this.isPreparation(effect)) break;
        this.forwarding.send('', () => {
          network.setForwarding(effect.places, effect.linksDown);
          applications.forwardingChanged();
        });
        break;
    }
  }

  /** Entries that wait for a move take nothing and nobody anywhere. */
  private isPreparation(effect: SetForwarding): boolean {
    const before = this.told;
    this.told = effect;
    return (
      before !== null &&
      before.moves !== effect.moves &&
      before.places === effect.places &&
      before.linksDown.join() === effect.linksDown.join()
    );
  }

  private install(
    reservation: Reservation,
    queues: readonly QueueTarget[],
    operation: 'install' | 'resize' | 'reroute',
  ): void {
    const { network, agents, hear } = this.parts;
    const refused = network.install(reservation, queues);
    if (refused === null && operation === 'reroute') agents.rerouted(reservation.migrationId);
    const { id: reservationId } = reservation;
    const { now } = this;
    hear(
      refused === null
        ? { kind: 'network_done', reservationId, operation, now }
        : { kind: 'network_failed', reservationId, operation, ...refused, now },
    );
  }

  private get now(): Instant {
    return instant(this.schedule.nowMs);
  }
}
