/**
 * Carries out effects that act on the network and the agents. Commands keep their order per host; operations are
 * handed to the network in the order of the effects (it works on what does not overlap at the same time), each
 * after the readings of its reservation's counters that were asked for before it. Results come back as inputs.
 */
import { randomUUID } from 'node:crypto';
import type { HostId, LinkId, Mac } from '@sluice/topology';
import { Chains, LatestWins } from './chains.ts';
import type { Heard, NetworkOperation, Reservation, SouthboundEffect } from './core/index.ts';
import type { AgentChannel, Network } from './southbound/interfaces.ts';

/** How long a command is tried again while Redis is away; after that the core's own timeouts have decided. */
const COMMAND_RETRY_LIMIT_MS = 5_000;
const COMMAND_RETRY_PERIOD_MS = 100;

export interface EffectRunnerParts {
  readonly network: Network;
  readonly agents: AgentChannel;
  readonly hear: (heard: Heard) => void;
  readonly note: (event: string, detail: Readonly<Record<string, string | number>>) => void;
}

interface Forwarding {
  readonly places: readonly { readonly mac: Mac; readonly hostId: HostId }[];
  readonly moves: readonly { readonly mac: Mac; readonly source: HostId; readonly destination: HostId }[];
  readonly linksDown: readonly LinkId[];
}

export class EffectRunner {
  readonly #parts: EffectRunnerParts;
  readonly #commands = new Chains();
  readonly #readings = new Chains();
  readonly #forwarding: LatestWins<Forwarding>;
  readonly #operations = new Set<Promise<void>>();
  /** Settles when the last operation has been handed over. */
  #handedOver: Promise<void> = Promise.resolve();

  constructor(parts: EffectRunnerParts) {
    this.#parts = parts;
    this.#forwarding = new LatestWins(({ places, moves, linksDown }) =>
      parts.network.setForwarding(places, linksDown, moves).catch((error) => {
        parts.note('forwarding_failed', { detail: messageOf(error) });
      }),
    );
  }

  run(effect: SouthboundEffect): void {
    const { network } = this.#parts;
    switch (effect.kind) {
      case 'send_command':
        void this.#commands.run(effect.hostId, () => this.#send(effect));
        return;
      case 'install_reservation':
        this.#operate('install', effect.reservation, () =>
          network.install(effect.reservation, effect.queues),
        );
        return;
      case 'resize_reservation':
        this.#operate('resize', effect.reservation, () => network.resize(effect.reservation, effect.queues));
        return;
      case 'reroute_reservation':
        this.#operate('reroute', effect.to, () => network.reroute(effect.from, effect.to, effect.queues));
        return;
      case 'remove_reservation':
        this.#operate('remove', effect.reservation, () => network.remove(effect.reservation, effect.queues));
        return;
      case 'read_counters':
        void this.#readings.run(String(effect.reservation.id), () => this.#read(effect.reservation));
        return;
      case 'set_forwarding':
        this.#forwarding.want({
          places: Array.from(effect.places, ([mac, hostId]) => ({ mac, hostId })),
          moves: Array.from(effect.moves, ([mac, move]) => ({ mac, ...move })),
          linksDown: effect.linksDown,
        });
        return;
    }
  }

  /** Resolves when everything that was asked for has ended. */
  async idle(): Promise<void> {
    await this.#handedOver;
    await Promise.all([
      this.#commands.idle(),
      this.#readings.idle(),
      this.#forwarding.idle(),
      ...this.#operations,
    ]);
  }

  #operate(operation: NetworkOperation, reservation: Reservation, call: () => Promise<void>): void {
    const readings = this.#readings.after(String(reservation.id));
    this.#handedOver = this.#handedOver
      .then(() => readings)
      .then(() => {
        const ended = this.#outcome(operation, reservation, call).finally(() =>
          this.#operations.delete(ended),
        );
        this.#operations.add(ended);
      });
  }

  async #outcome(
    operation: NetworkOperation,
    reservation: Reservation,
    call: () => Promise<void>,
  ): Promise<void> {
    const { hear, note } = this.#parts;
    const reservationId = reservation.id;
    try {
      await call();
      hear({ kind: 'network_done', reservationId, operation });
    } catch (error) {
      const failure = { code: codeOf(error), detail: messageOf(error) };
      note('network_operation_failed', { operation, reservationId, ...failure });
      // A removal ends in any case: the adapter cleans what it could not reach when the switch is back.
      if (operation === 'remove') hear({ kind: 'network_done', reservationId, operation });
      else hear({ kind: 'network_failed', reservationId, operation, ...failure });
    }
  }

  async #read(reservation: Reservation): Promise<void> {
    const { network, hear } = this.#parts;
    const counters = await network
      .readCounters(reservation)
      .catch(() => ({ queueBytes: null, meterBytes: null }));
    const { queueBytes, meterBytes } = counters;
    hear({ kind: 'counters_read', reservationId: reservation.id, queueBytes, meterBytes });
  }

  async #send({ hostId, command }: Extract<SouthboundEffect, { kind: 'send_command' }>): Promise<void> {
    const { agents, note } = this.#parts;
    const end = performance.now() + COMMAND_RETRY_LIMIT_MS;
    // One for all attempts: an attempt that timed out may have arrived all the same, and an agent drops the second.
    const commandId = randomUUID();
    for (;;) {
      try {
        return await agents.send(hostId, command, commandId);
      } catch (error) {
        if (performance.now() > end) {
          note('command_lost', { hostId, command: command.kind, detail: messageOf(error) });
          return;
        }
      }
      await new Promise((resolve) => setTimeout(resolve, COMMAND_RETRY_PERIOD_MS));
    }
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : 'internal';
}
