/** Shadow mode: what would leave the controller is told instead. Decisions, books and answers are as they always are. */
import type { CoreEvent, Effect } from '../effect.ts';
import type { Reservation } from '../state.ts';

/** The same effects, with an event in place of each that would reach a host or a switch. */
export const asTold = (effects: readonly Effect[]): readonly Effect[] =>
  effects.flatMap((effect) => {
    const event = wouldBe(effect);
    if (event === null) return [effect];
    return event === 'nothing' ? [] : [{ kind: 'announce', event } as const];
  });

/** null: it stays inside and happens; `nothing`: it would only have asked a question. */
function wouldBe(effect: Effect): CoreEvent | 'nothing' | null {
  switch (effect.kind) {
    case 'send_command': {
      const { kind: command, ...content } = effect.command;
      // Commands carry the core's own ids.
      const migrationId = effect.command.migrationId as CoreEvent['migrationId'];
      return {
        type: 'would_send_command',
        migrationId,
        detail: { hostId: effect.hostId, command, ...flat(content) },
      };
    }
    case 'install_reservation':
    case 'resize_reservation':
    case 'remove_reservation':
      return would(effect.kind, effect.reservation, effect.queues);
    case 'reroute_reservation': {
      const event = would(effect.kind, effect.to, effect.queues);
      return { ...event, detail: { ...event.detail, fromPath: effect.from.path.join(' ') } };
    }
    case 'set_forwarding':
      return {
        type: 'would_set_forwarding',
        migrationId: null,
        detail: {
          places: effect.places.size,
          moves: effect.moves.size,
          linksDown: effect.linksDown.join(' '),
        },
      };
    case 'read_counters':
      return 'nothing';
    default:
      return null;
  }
}

type Queues = Extract<Effect, { kind: 'install_reservation' }>['queues'];

const would = (kind: Effect['kind'], reservation: Reservation, queues: Queues): CoreEvent => ({
  type: `would_${kind}`,
  migrationId: reservation.migrationId,
  detail: {
    reservationId: reservation.id,
    path: reservation.path.join(' '),
    rateBitsPerSec: reservation.rate,
    reverseRateBitsPerSec: reservation.reverseRate,
    queues: queues.map(({ port, rate }) => `${port.dpid}:${port.portNo}=${rate}`).join(' '),
  },
});

/** An event's detail is flat: names of what is inside are joined by a dot. */
function flat(content: object, prefix = ''): CoreEvent['detail'] {
  const detail: Record<string, string | number | boolean | null> = {};
  for (const [name, value] of Object.entries(content)) {
    const key = `${prefix}${name}`;
    if (value === undefined) continue;
    if (value !== null && typeof value === 'object') Object.assign(detail, flat(value, `${key}.`));
    else detail[key] = value;
  }
  return detail;
}
