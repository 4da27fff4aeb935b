/** The choice of a mechanism by traffic, permission and what hypervisors can do, as a quote shows it. */
import { millis } from '@sluice/units';
import { describe, expect, it } from 'vitest';
import { type MigrationRequest, quote } from '../index.ts';
import { profile, request, World } from '../testing/world.ts';

/** NICs of 100 Mbit/s; web sends `tx` and receives `rx`. */
function world(vm: { readonly tx?: number; readonly rx?: number; readonly dirty?: number } = {}): World {
  const made = new World();
  const { tx = 0, rx = 0, dirty = 1e6 } = vm;
  const vms = [profile('web', { txBitsPerSec: tx, rxBitsPerSec: rx, dirtyRateBytesPerSec: dirty })];
  for (const hostId of made.state.hosts.keys())
    made.hostProfile(hostId, hostId === 'h1' ? vms : [], { capabilities: ['postcopy'] });
  made.report('h1', { kind: 'nic_load', txBitsPerSec: tx, rxBitsPerSec: rx, intervalSec: 0.5, vms });
  return made;
}

const ANY: Partial<MigrationRequest> = { mechanisms: ['precopy', 'postcopy', 'hybrid'] };

function chosen(made: World, changes: Partial<MigrationRequest> = ANY) {
  const offer = quote(made.state, request('m1', changes));
  if (!offer.ok) throw new Error(`refused: ${offer.refusal.kind}`);
  return offer.mechanism;
}

describe('the mechanism', () => {
  it('is post-copy for a VM that sends more than it receives, pre-copy for the other, and on a tie', () => {
    expect(chosen(world({ tx: 40e6, rx: 5e6 }))).toMatchObject({ name: 'postcopy', reason: 'traffic' });
    expect(chosen(world({ tx: 5e6, rx: 40e6 }))).toMatchObject({ name: 'precopy', reason: 'traffic' });
    expect(chosen(world())).toMatchObject({ name: 'precopy', reason: 'traffic' });
  });

  it('is told with what each leaves for the migration', () => {
    expect(chosen(world({ tx: 40e6, rx: 5e6 })).left).toEqual({ precopy: 60e6, postcopy: 95e6 });
  });

  it('is only what the user allows, whatever the traffic', () => {
    expect(chosen(world({ tx: 40e6 }), { mechanisms: ['precopy'] })).toMatchObject({
      name: 'precopy',
      reason: 'asked',
    });
    expect(chosen(world({ tx: 40e6 }), { mechanisms: ['precopy', 'hybrid'] }).name).toBe('hybrid');
  });

  it('is pre-copy where a hypervisor cannot do more', () => {
    const made = world({ tx: 40e6 });
    made.hostProfile('h3', []);
    expect(chosen(made)).toMatchObject({ name: 'precopy', reason: 'unsupported' });
  });

  it('is hybrid for a VM that pre-copy could never bring over, and such a request is admitted', () => {
    const made = world({ dirty: 50e6 });
    const wanted = { ...ANY, downtimeLimit: millis(100) };
    expect(quote(made.state, request('m1', { downtimeLimit: millis(100) }))).toMatchObject({
      ok: false,
      refusal: { kind: 'will_not_converge' },
    });
    expect(chosen(made, wanted)).toMatchObject({ name: 'hybrid', reason: 'convergence' });
    made.ask(request('m1', wanted));
    expect(made.migration('m1').mechanism.name).toBe('hybrid');
  });
});
