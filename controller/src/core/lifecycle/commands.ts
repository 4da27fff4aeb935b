/** Commands to host agents, with the caps that follow from a reservation. */
import type { AgentCommand } from '@sluice/agents/contract';
import { type HostId, nodeName } from '@sluice/topology';
import { type BitsPerSec, toSeconds } from '@sluice/units';
import { capsFor, copyLimit } from '../allocation/grant.ts';
import type { Effect } from '../effect.ts';
import { agentAlive, floorOf } from '../lookups.ts';
import { mechanismTerms } from '../mechanism/terms.ts';
import type { Migration, State } from '../state.ts';

export const commandTo = (hostId: HostId, command: AgentCommand): Effect => ({
  kind: 'send_command',
  hostId,
  command,
});

export const nextRound = (state: State, migration: Migration, round: number): Effect =>
  commandTo(migration.source, {
    kind: 'next_round',
    migrationId: migration.id,
    round,
    ...capsFor(state, migration.roundRate, migration.rounds),
  });

export function beginSwitchover(state: State, migration: Migration): Effect {
  const caps = capsFor(state, migration.roundRate, migration.rounds);
  return commandTo(migration.source, {
    kind: 'begin_switchover',
    migrationId: migration.id,
    ...caps,
    ...switchoverTerms(state, migration, caps.rateCapBitsPerSec),
  });
}

/**
 * A sender that goes on while it is decided may have more to send by now: it pauses the VM once the rest fits what is
 * reserved. At the limit on rounds there are no terms: the VM stops, whatever remains.
 */
function switchoverTerms(state: State, { request, rounds }: Migration, payload: number | null) {
  const isForced = (rounds.at(-1)?.round ?? 0) >= request.roundsMax;
  const limit = copyLimit(state, request);
  if (payload === null || isForced || limit === 0) return {};
  return { switchover: { rateBitsPerSec: payload, downtimeLimitSec: toSeconds(limit) } };
}

/** In mid-round: the sender goes to this rate, and says so. */
export const setRateCap = (
  state: State,
  migration: Migration,
  rate: BitsPerSec,
): { readonly kind: 'send_command'; readonly hostId: HostId; readonly command: SetRateCap } => ({
  kind: 'send_command',
  hostId: migration.source,
  command: {
    kind: 'set_rate_cap',
    migrationId: migration.id,
    ...capsFor(state, rate, migration.rounds),
  },
});
type SetRateCap = Extract<AgentCommand, { kind: 'set_rate_cap' }>;

export function startMigration(
  state: State,
  migration: Migration,
  destination: NonNullable<Migration['listening']>,
): Effect {
  return commandTo(migration.source, {
    kind: 'start_migration',
    migrationId: migration.id,
    vmId: migration.vm.id,
    destination,
    ...mechanismTerms(state, migration),
    ...(migration.reservationId === null ? {} : nicFloorOf(state, migration.source)),
    ...capsFor(state, migration.roundRate, migration.rounds),
  });
}

/** What applications keep of the host's outbound NIC, raised by a request or not: the agent has a class for it. */
export function nicFloorOf(state: State, hostId: HostId): { readonly nicFloorBitsPerSec?: number } {
  const [link] = state.topology.outgoing.get(nodeName({ kind: 'host', hostId })) ?? [];
  return link === undefined ? {} : { nicFloorBitsPerSec: floorOf(state, link.id) };
}

/** To both sides, as far as somebody is there to hear it; a lost agent is told when it is back. */
export const cancelBoth = (state: State, migration: Migration, reason: string): readonly Effect[] =>
  [migration.source, migration.destination]
    .filter((hostId) => agentAlive(state, hostId))
    .map((hostId) => commandTo(hostId, { kind: 'cancel_migration', migrationId: migration.id, reason }));
