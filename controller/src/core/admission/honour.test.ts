/** Whoever sends the tag of a quote along gets what was quoted, as long as it can still be given. */
import type { HostId } from '@sluice/topology';
import { bitsPerSec, millis } from '@sluice/units';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Effect, type MigrationRequest, step, type VmId } from '../index.ts';
import { holdOf } from '../ledger/index.ts';
import { profile, request, twoSites, World } from '../testing/world.ts';
import { digestOf, readTag } from './promise-tag.ts';
import { quote } from './quote.ts';

const world = (rates?: Parameters<typeof twoSites>[0]) =>
  World.started({ h1: [profile('web')], h2: [profile('mail')] }, twoSites(rates));

function quoted(of: World, wanted: MigrationRequest) {
  const offer = quote(of.state, wanted);
  if (!offer.ok) throw new Error('there is room');
  return offer;
}

const answerIn = (effects: readonly Effect[]) =>
  effects.flatMap((effect) => (effect.kind === 'answer' ? [effect.answer] : []))[0];

function holdIn(of: World, id: string) {
  const { reservationId } = of.migration(id);
  if (reservationId === null) throw new Error('nothing is reserved');
  return holdOf(of.state.ledger, reservationId);
}

/** The VM goes on writing at other rates for some seconds. */
function busy(of: World, dirtyRates: readonly number[]): void {
  for (const dirtyRateBytesPerSec of dirtyRates) {
    of.pass(500);
    of.report('h1', {
      kind: 'nic_load',
      txBitsPerSec: 0,
      rxBitsPerSec: 0,
      intervalSec: 0.5,
      vms: [profile('web', { dirtyRateBytesPerSec })],
    });
  }
}

describe('an admission that relies on a quote', () => {
  it('succeeds five seconds later although the VM writes at another rate by then', () => {
    for (const policy of ['bda', 'minimum-energy'] as const) {
      const calm = world();
      const wanted = request('m1', { policy, deadline: millis(60_000) });
      const offer = quoted(calm, wanted);
      busy(calm, [2.3e6, 1.7e6, 2.9e6, 3.1e6, 2.2e6, 2.6e6, 1.9e6, 2.8e6, 3.3e6, 2.7e6]);
      expect(quote(calm.state, wanted).etag).not.toBe(offer.etag);
      expect(answerIn(calm.ask({ ...wanted, etag: offer.etag }))).toEqual({ ok: true, migrationId: 'm1' });
      expect(holdIn(calm, 'm1').guarantee).toBeGreaterThanOrEqual(offer.guarantee);
    }
  });

  it('keeps the guarantee that was quoted when the VM needs less by then', () => {
    const calm = world();
    busy(calm, [4e6]);
    const wanted = request('m1', { deadline: millis(60_000) });
    const offer = quoted(calm, wanted);
    busy(calm, [1e5]);
    expect(quoted(calm, wanted).guarantee).toBeLessThan(offer.guarantee);
    calm.ask({ ...wanted, etag: offer.etag });
    expect(holdIn(calm, 'm1').guarantee).toBe(offer.guarantee);
  });

  it('takes the way that was quoted although another one is as good by then', () => {
    const calm = world({ narrow: 90e6 });
    const wanted = request('m1', { rateMin: bitsPerSec(10e6) });
    const offer = quoted(calm, wanted);
    calm.ask(request('other', { vmId: 'mail' as VmId, rateMin: bitsPerSec(2e6) }));
    const now = quoted(calm, wanted);
    expect(now.path).not.toEqual(offer.path);
    calm.ask({ ...wanted, etag: offer.etag });
    expect(calm.migration('m1').path).toEqual(offer.path);
  });

  it('is refused when the room is gone, the way is down, or another request was quoted', () => {
    const full = world();
    const wanted = request('m1', { rateMin: bitsPerSec(30e6) });
    const offer = quoted(full, wanted);
    const other = { ...wanted, rateMax: bitsPerSec(50e6) };
    expect(answerIn(full.ask({ ...other, etag: offer.etag }))).toMatchObject({
      refusal: { kind: 'quote_stale', etag: quote(full.state, other).etag },
    });
    const broken = world();
    const link = quoted(broken, wanted).path[1];
    if (link === undefined) throw new Error('the way passes switches');
    broken.send({ kind: 'link_went_down', link });
    expect(answerIn(broken.ask({ ...wanted, etag: offer.etag }))).toMatchObject({ ok: false });
    const destination = 'h4' as HostId;
    full.ask(request('other', { vmId: 'mail' as VmId, destination, rateMin: bitsPerSec(60e6) }));
    expect(answerIn(full.ask({ ...wanted, etag: offer.etag }))).toMatchObject({
      refusal: { kind: 'quote_stale' },
    });
  });

  it('is refused as it was quoted, and stale when it no longer would be', () => {
    const full = world();
    const wanted = request('m1', { rateMin: bitsPerSec(60e6), destination: 'h3' as HostId });
    full.ask(request('other', { vmId: 'mail' as VmId, rateMin: bitsPerSec(60e6) }));
    const { ok, etag } = quote(full.state, wanted);
    expect(ok).toBe(false);
    expect(answerIn(full.ask({ ...wanted, etag }))).toMatchObject({
      refusal: { kind: 'insufficient_capacity' },
    });
    full.send({ kind: 'abort_requested', migrationId: full.migration('other').id, reason: '' });
    expect(answerIn(full.ask({ ...wanted, etag }))).toMatchObject({ refusal: { kind: 'quote_stale' } });
  });

  it('is stale with any other tag, and nothing breaks', () => {
    const calm = world();
    const wanted = request('m1');
    const mine = quoted(calm, wanted).etag.split('.');
    const part = fc.oneof(
      fc.constantFrom(...mine, '', '0', 'zzzzzzzzzz', '1-2-3'),
      fc.string({ maxLength: 12 }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), fc.boolean(), (parts, isOurs) => {
        const etag = (isOurs ? [digestOf(wanted), 'o', ...parts] : parts).join('.');
        const { state, effects } = step(calm.state, {
          kind: 'migration_requested',
          request: { ...wanted, etag },
          now: calm.state.now,
        });
        const answer = answerIn(effects);
        if (answer?.ok !== true) expect(answer).toMatchObject({ refusal: { kind: 'quote_stale' } });
        else {
          const read = readTag(etag);
          const [migration] = [...state.migrations.values()];
          if (read?.kind !== 'offer') throw new Error('only an offer can be kept');
          if (migration?.reservationId == null) throw new Error('nothing is reserved');
          expect(holdOf(state.ledger, migration.reservationId).guarantee).toBeGreaterThanOrEqual(
            read.guarantee,
          );
        }
      }),
      { numRuns: 300 },
    );
  });
});
