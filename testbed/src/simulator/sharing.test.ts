import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Demand, type Room, shareLinks as shareByNumber } from './sharing.ts';

type Named = Omit<Demand, 'path'> & { readonly id: string; readonly path: readonly string[] };

const room = (capacity: number, reserved = 0): Room => ({ capacity, reserved });
const flow = (id: string, tier: Demand['tier'], demand: number, ...path: string[]): Named => ({
  id,
  tier,
  demand,
  path,
});

/** By names instead of numbers. */
function shareLinks(rooms: ReadonlyMap<string, Room>, flows: readonly Named[]): ReadonlyMap<string, number> {
  const links = [...rooms.keys()];
  const rates = shareByNumber(
    [...rooms.values()],
    flows.map((one) => ({ ...one, path: one.path.map((link) => links.indexOf(link)) })),
  );
  return new Map(flows.map(({ id }, index) => [id, rates[index] ?? 0]));
}

describe('sharing of links', () => {
  it('a reservation gets its rate beside a saturated application queue', () => {
    const rates = shareLinks(new Map([['l', room(100, 60)]]), [
      flow('m', 'reserved', 60, 'l'),
      flow('udp', 'inelastic', 200, 'l'),
      flow('tcp', 'elastic', Number.POSITIVE_INFINITY, 'l'),
    ]);
    expect(Object.fromEntries(rates)).toEqual({ m: 60, udp: 40, tcp: 0 });
  });

  it('reserved traffic never takes more than its queue has', () => {
    const rates = shareLinks(new Map([['l', room(100, 30)]]), [flow('m', 'reserved', 80, 'l')]);
    expect(rates.get('m')).toBe(30);
  });

  it('TCP flows share what UDP leaves, and a paced one keeps its rate', () => {
    const rates = shareLinks(new Map([['l', room(100)]]), [
      flow('udp', 'inelastic', 40, 'l'),
      flow('paced', 'elastic', 10, 'l'),
      flow('a', 'elastic', Number.POSITIVE_INFINITY, 'l'),
      flow('b', 'elastic', Number.POSITIVE_INFINITY, 'l'),
    ]);
    expect(Object.fromEntries(rates)).toEqual({ udp: 40, paced: 10, a: 25, b: 25 });
  });

  it('a flow is limited by the tightest link of its path, and the others use what it leaves', () => {
    const rates = shareLinks(
      new Map([
        ['thin', room(10)],
        ['wide', room(100)],
      ]),
      [
        flow('both', 'elastic', Number.POSITIVE_INFINITY, 'thin', 'wide'),
        flow('wide', 'elastic', Number.POSITIVE_INFINITY, 'wide'),
      ],
    );
    expect(Object.fromEntries(rates)).toEqual({ both: 10, wide: 90 });
  });

  it('a silent flow on a dead link takes nothing and holds up nobody', () => {
    const rates = shareLinks(
      new Map([
        ['dead', room(0)],
        ['live', room(100)],
      ]),
      [
        flow('silent', 'inelastic', 0, 'dead', 'live'),
        flow('there', 'elastic', Number.POSITIVE_INFINITY, 'dead'),
        flow('here', 'elastic', Number.POSITIVE_INFINITY, 'live'),
      ],
    );
    expect(Object.fromEntries(rates)).toEqual({ silent: 0, there: 0, here: 100 });
  });

  it('no link ever carries more than its capacity', () => {
    const links = ['a', 'b', 'c'];
    fc.assert(
      fc.property(
        fc.array(fc.record({ capacity: fc.nat(1000), reserved: fc.nat(1000) }), {
          minLength: 3,
          maxLength: 3,
        }),
        fc.array(
          fc.record({
            tier: fc.constantFrom('reserved' as const, 'inelastic' as const, 'elastic' as const),
            demand: fc.oneof(fc.nat(500), fc.constant(Number.POSITIVE_INFINITY)),
            path: fc.subarray(links, { minLength: 1 }),
          }),
          { maxLength: 12 },
        ),
        (rooms, drawn) => {
          const flows = drawn.map((one, index) => ({
            ...one,
            id: String(index),
            demand: one.tier === 'inelastic' && one.demand === Number.POSITIVE_INFINITY ? 500 : one.demand,
          }));
          const byLink = new Map(links.map((link, index) => [link, rooms[index] ?? room(0)]));
          const rates = shareLinks(byLink, flows);
          for (const [link, { capacity }] of byLink) {
            const load = flows
              .filter((one) => one.path.includes(link))
              .reduce((sum, one) => sum + (rates.get(one.id) ?? 0), 0);
            expect(load).toBeLessThanOrEqual(capacity + 1e-6);
          }
        },
      ),
    );
  });
});
