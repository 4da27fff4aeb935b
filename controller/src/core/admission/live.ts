/** From the calendar into the network: the migration asks for its share, and its destination is asked to listen. */
import { toSeconds } from '@sluice/units';
import { enter } from '../changes/enter.ts';
import type { Effect } from '../effect.ts';
import { holdOf } from '../ledger/index.ts';
import { commandTo, nicFloorOf } from '../lifecycle/commands.ts';
import { migrationById } from '../lookups.ts';
import { mechanismTerms } from '../mechanism/terms.ts';
import { announce, result, type Step, withMigration } from '../result.ts';
import type { Migration, State } from '../state.ts';

/** Its hold is in the ledger at rate 0. It begins with what is free; others make room for the rest. */
export function goLive(state: State, migration: Migration, first: readonly Effect[] = []): Step {
  const placed = withMigration(state, { ...migration, phase: 'preparing', lastProgress: state.now });
  const { id, reservationId } = migration;
  const entered = reservationId === null ? result(placed) : enter(placed, id);
  const live = migrationById(entered.state, id);
  const hold = reservationId === null ? null : holdOf(entered.state.ledger, reservationId);
  return result(
    entered.state,
    { kind: 'save_migration', migration: live },
    ...(hold === null ? [] : [{ kind: 'save_reservation' as const, reservation: hold.reservation }]),
    ...first,
    commandTo(live.destination, {
      kind: 'prepare_incoming',
      migrationId: id,
      vmId: live.vm.id,
      memoryBytes: live.vm.memory,
      sourceHostId: live.source,
      ...mechanismTerms(entered.state, live),
      // Reserved: the agent's own share for acknowledgements. Unmanaged: one queue, as a hypervisor leaves it.
      ...(hold === null ? { wayBackBitsPerSec: null } : nicFloorOf(entered.state, live.destination)),
    }),
    announce('migration_admitted', id, {
      vmId: live.vm.id,
      source: live.source,
      destination: live.destination,
      policy: live.request.policy,
      mechanism: live.mechanism.name,
      mechanismReason: live.mechanism.reason,
      reservedBitsPerSec: hold?.reservation.rate ?? null,
      guaranteedBitsPerSec: hold?.guarantee ?? null,
      path: live.path.join(' '),
      deadlineSec: live.request.deadline === null ? null : toSeconds(live.request.deadline),
      downtimeLimitSec: toSeconds(live.request.downtimeLimit),
    }),
    ...entered.effects,
  );
}
