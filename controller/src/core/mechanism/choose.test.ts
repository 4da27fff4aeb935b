/** The choice of a mechanism by traffic, permission and what hypervisors can do, as a quote shows it. */
import { bitsPerSec, millis } from '@sluice/units';
import { describe, expect, it } from 'vitest';
import { type MigrationRequest, quote, type VmId } from '../index.ts';
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

/** At h1, with NICs of 100 Mbit/s; each VM with what it sends and receives, in Mbit/s. */
function together(vms: Readonly<Record<string, readonly [tx: number, rx: number]>>): World {
  const made = new World();
  const profiles = Object.entries(vms).map(([name, [tx, rx]]) =>
    profile(name, {
      memoryBytes: 20e6,
      workingSetBytes: 1e6,
      dirtyRateBytesPerSec: 0.1e6,
      txBitsPerSec: tx * 1e6,
      rxBitsPerSec: rx * 1e6,
    }),
  );
  for (const hostId of made.state.hosts.keys())
    made.hostProfile(hostId, hostId === 'h1' ? profiles : [], { capabilities: ['postcopy'] });
  const tx = Object.values(vms).reduce((sum, [out]) => sum + out * 1e6, 0);
  made.report('h1', {
    kind: 'nic_load',
    txBitsPerSec: tx,
    rxBitsPerSec: 0,
    intervalSec: 0.5,
    vms: profiles,
  });
  return made;
}

const withOthers = (vm: string, others: readonly string[]): Partial<MigrationRequest> => ({
  ...ANY,
  rateMax: bitsPerSec(10e6),
  vmId: vm as VmId,
  togetherWith: others as VmId[],
});

describe('the mechanisms of a co-located group', () => {
  // Alone each of them would be post-copied: the other goes on sending at the source.
  const alike = { alpha: [40, 40], beta: [40, 40] } as const;

  it('leave more to the migrations than each VM by itself would choose', () => {
    const world = together(alike);
    for (const vm of ['alpha', 'beta']) expect(chosen(world, withOthers(vm, [])).name).toBe('postcopy');
    const names = ['alpha', 'beta'].map((vm) => chosen(world, withOthers(vm, ['alpha', 'beta'])).name);
    expect(names.toSorted()).toEqual(['postcopy', 'precopy']);
    expect(chosen(world, withOthers('alpha', ['beta'])).left).toEqual({ precopy: 60e6, postcopy: 60e6 });
  });

  it('are told to each of them alike', () => {
    const world = together(alike);
    const group = chosen(world, withOthers('alpha', ['beta'])).group;
    expect(group.map(({ vmId }) => vmId)).toEqual(['alpha', 'beta']);
    expect(chosen(world, withOthers('beta', ['alpha'])).group).toEqual(group);
  });

  it('stay as they were admitted while the rest is chosen', () => {
    const world = together({ alpha: [30, 10], beta: [30, 10], gamma: [30, 60] });
    world.ask(request('m-alpha', withOthers('alpha', ['beta', 'gamma'])));
    expect(world.migration('m-alpha').mechanism.name).toBe('postcopy');
    const choice = chosen(world, withOthers('beta', ['gamma']));
    expect(choice.group).toEqual([
      { vmId: 'alpha', name: 'postcopy', state: 'under_way' },
      { vmId: 'beta', name: 'postcopy', state: 'open' },
      { vmId: 'gamma', name: 'precopy', state: 'open' },
    ]);
    // gamma sends 30 from the source, alpha and beta receive 10 each at the destination.
    expect(choice.left?.postcopy).toBe(70e6);
  });

  it('count those under way that nobody has named', () => {
    const world = together({ alpha: [0, 45], beta: [50, 50] });
    expect(chosen(world, withOthers('beta', [])).name).toBe('precopy');
    world.ask(request('m-alpha', { ...withOthers('alpha', []), mechanisms: ['postcopy'] }));
    expect(chosen(world, withOthers('beta', [])).left).toEqual({ precopy: 50e6, postcopy: 5e6 });
  });

  it('do not depend on a VM that is elsewhere, and need to know all that are named', () => {
    const world = together(alike);
    world.hostProfile('h2', [profile('far', { txBitsPerSec: 90e6 })], { capabilities: ['postcopy'] });
    expect(chosen(world, withOthers('alpha', ['far'])).group).toHaveLength(1);
    expect(quote(world.state, request('m', withOthers('alpha', ['nobody'])))).toMatchObject({
      ok: false,
      refusal: { kind: 'unknown_vm', vmId: 'nobody' },
    });
  });
});

describe('a post-copy', () => {
  it('is promised its rate to the end, whatever the deadline', () => {
    const made = world({ tx: 40e6, rx: 5e6 });
    made.ask(request('m1', { ...ANY, deadline: millis(60_000) }));
    const id = made.reservationId('m1');
    expect(made.state.ledger.holds.get(id)?.window.until).toBeNull();
  });

  it('is not chosen where the room after its deadline is promised to others', () => {
    const made = world({ tx: 40e6, rx: 5e6 });
    made.hostProfile('h2', [profile('db')], { capabilities: ['postcopy'] });
    const booked = { vmId: 'db' as VmId, startAt: millis(100_000), rateMin: bitsPerSec(79e6) };
    made.ask(request('later', booked));
    const wanted = { ...ANY, deadline: millis(60_000), rateMin: bitsPerSec(50e6) };
    expect(chosen(made, wanted)).toMatchObject({ name: 'precopy', reason: 'unprotected' });
  });

  it('is not chosen by traffic without a reservation', () => {
    const made = world({ tx: 40e6, rx: 5e6 });
    expect(chosen(made, { ...ANY, policy: 'unmanaged' })).toMatchObject({
      name: 'precopy',
      reason: 'unprotected',
    });
  });
});
