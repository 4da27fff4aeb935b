/** Post-copy in the core: the VM moves first, its share is protected to the end, and a break is mended, not ended. */
import type { HostId, LinkId } from '@sluice/topology';
import { bytes, millis } from '@sluice/units';
import { describe, expect, it } from 'vitest';
import { reservations, type VmId } from '../index.ts';
import { profile, request, told, World } from '../testing/world.ts';
import { mechanismTerms } from './terms.ts';

const stalling = { transferredBytes: 20e6, remainingBytes: 20e6, dirtyRateBytesPerSec: 4e6 };

/** A world whose hypervisors can all do post-copy. */
function able(): World {
  const world = World.started();
  for (const hostId of world.state.hosts.keys())
    world.hostProfile(hostId, hostId === 'h1' ? [profile('web')] : [], { capabilities: ['postcopy'] });
  return world;
}

const state = (world: World, state: 'running' | 'paused', remainingBytes = 50e6) =>
  world.report('h1', { kind: 'postcopy_state', migrationId: 'm1', state, remainingBytes });

/** Web runs at h3, and half of its memory is still at h1. */
function moved(world: World = able()): World {
  world.begin(request('m1', { mechanisms: ['postcopy'] }));
  world.stopped('m1');
  world.resumed('m1');
  state(world, 'running');
  return world;
}

const WIDE = 's1:3>s2:1' as LinkId;
const NARROW = 's1:4>s3:1' as LinkId;

function settled(world: World): World {
  if (world.migration('m1').networkPending === 'resize') world.networkDone('m1', 'resize');
  return world;
}

/** Both ways to h3 are broken. */
function cutOff(): World {
  const world = settled(moved());
  for (const link of [NARROW, WIDE]) world.send({ kind: 'link_went_down', link });
  expect(world.migration('m1').outcome).toBeNull();
  return world;
}

describe('a post-copy', () => {
  it('is prepared on both sides and ordered as soon as the source has started', () => {
    const world = able();
    const asked = world.ask(request('m1', { mechanisms: ['postcopy'] }));
    expect(asked).toContainEqual(
      expect.objectContaining({ command: expect.objectContaining({ mechanism: { postcopy: true } }) }),
    );
    world.prepared('m1');
    world.networkDone('m1', 'install');
    world.counters('m1', 0, 0);
    expect(told(world.migrationStarted('m1'))).toContain('start_postcopy → h1');
    expect(world.migration('m1').postcopy?.state).toBe('ordered');
  });

  it('keeps its reservation after the VM has moved, until all of its memory has', () => {
    const world = moved();
    expect(world.migration('m1').phase).toBe('postcopy');
    expect(world.state.vms.get('web' as VmId)?.hostId).toBe('h3');
    expect(reservations(world.state)).toHaveLength(1);
    world.completed('m1');
    world.counters('m1', null);
    world.networkDone('m1', 'remove');
    const { phase, rounds } = world.migration('m1');
    expect(phase).toBe('completed');
    expect(rounds.at(-1)?.phase).toBe('postcopy');
    expect(reservations(world.state)).toEqual([]);
  });

  it('cannot be aborted any more, because there is nothing to go back to', () => {
    const world = moved();
    const [answer] = world.send({ kind: 'abort_requested', migrationId: 'm1' as never, reason: 'no' });
    expect(answer).toMatchObject({ answer: { ok: false, refusal: { kind: 'vm_already_moved' } } });
    expect(world.migration('m1').outcome).toBeNull();
  });

  it('outlives a broken link: paused, it is taken up again when the way is whole, at a new port', () => {
    const world = cutOff();
    state(world, 'paused');
    expect(told(world.send({ kind: 'link_came_up', link: NARROW }))).not.toContain('prepare_recovery → h3');
    expect(told(world.send({ kind: 'link_came_up', link: WIDE }))).toContain('prepare_recovery → h3');
    expect(told(world.prepared('m1', 4555))).toContain('install_reservation');
    expect(reservations(world.state)[0]?.match.destinationPort).toBe(4555);
    expect(told(world.networkDone('m1', 'install'))).toContain('recover_postcopy → h1');
    expect(told(state(world, 'running', 40e6))).toContain('announce postcopy_recovered');
    expect(world.migration('m1').postcopy).toMatchObject({ state: 'running', remaining: 40e6 });
  });

  it('is not ended by a link that breaks while the network changes its rate', () => {
    const busy = able();
    busy.loads({ [WIDE]: 40e6, [NARROW]: 40e6 });
    const world = settled(moved(busy));
    // What applications do not get through leaves room.
    world.loads({ [WIDE]: 0 });
    expect(world.migration('m1').networkPending).toBe('resize');
    for (const link of [WIDE, NARROW]) world.send({ kind: 'link_went_down', link });
    world.networkDone('m1', 'resize');
    expect(world.migration('m1')).toMatchObject({ outcome: null, networkPending: null });
  });

  it('goes around a break where another way has room, on the same connection', () => {
    const world = settled(moved());
    expect(told(world.send({ kind: 'link_went_down', link: WIDE }))).toContain('reroute_reservation');
    expect(told(world.networkDone('m1', 'reroute'))).toContain('announce rerouted');
    expect(world.migration('m1')).toMatchObject({ outcome: null, rerouteFrom: null });
    expect(world.migration('m1').path).toContain(NARROW);
  });

  it('is recovered on the other way when the network could not change over in time', () => {
    const world = settled(moved());
    world.send({ kind: 'link_went_down', link: WIDE });
    world.networkFailed('m1', 'reroute');
    expect(world.migration('m1').outcome).toBeNull();
    expect(told(state(world, 'paused'))).toContain('prepare_recovery → h3');
    world.prepared('m1', 4555);
    expect(told(world.networkDone('m1', 'install'))).toContain('recover_postcopy → h1');
  });

  it('is tried again when a recovery has come to nothing', () => {
    const world = moved();
    expect(told(state(world, 'paused'))).toContain('prepare_recovery → h3');
    expect(told(state(world, 'paused'))).not.toContain('prepare_recovery → h3');
    world.pass(11_000);
    expect(told(state(world, 'paused'))).toContain('prepare_recovery → h3');
  });

  it('waits without a limit while it is paused, and not for ever while it runs in silence', () => {
    const world = moved();
    state(world, 'paused');
    world.pass(120_000);
    expect(world.migration('m1').outcome).toBeNull();
    const silent = moved();
    silent.pass(120_000);
    expect(silent.migration('m1')).toMatchObject({ outcome: 'failed', reason: 'postcopy_silent' });
  });

  it('outlives its agents: they are waited for, the source no longer than its memory may take', () => {
    const world = moved();
    for (let turn = 0; turn < 60; turn += 1) {
      world.pass(1000, ['h3']);
      state(world, 'running', 50e6 - turn);
    }
    expect(world.migration('m1').outcome).toBeNull();
    world.pass(5000, ['h1']);
    expect(world.migration('m1').outcome).toBeNull();
    world.pass(120_000, ['h1']);
    expect(world.migration('m1')).toMatchObject({ outcome: 'failed', reason: 'postcopy_silent' });
  });

  it('is recovered only once both agents are there, and given up when one has been away for long', () => {
    const world = moved();
    world.pass(5000, ['h3']);
    expect(told(state(world, 'paused'))).not.toContain('prepare_recovery → h3');
    world.heartbeat('h3');
    expect(told(state(world, 'paused'))).toContain('prepare_recovery → h3');
    world.pass(15_000, ['h3']);
    expect(world.migration('m1').outcome).toBeNull();
    world.pass(5000, ['h3']);
    expect(world.migration('m1')).toMatchObject({ outcome: 'failed', reason: 'agent_lost' });
  });

  it('is not ended by a network that does not answer: its memory flows on at the old rate', () => {
    const world = moved();
    if (world.migration('m1').networkPending !== 'resize') world.loads({ 's1:3>s2:1': 60e6 });
    for (let turn = 0; turn < 30; turn += 1) {
      world.pass(1000);
      state(world, 'running', 40e6 - turn);
    }
    expect(world.migration('m1').outcome).toBeNull();
  });

  it('that fails has failed, although its VM runs at the destination', () => {
    const world = moved();
    world.failed('m1', 'source', false);
    expect(world.migration('m1')).toMatchObject({ outcome: 'failed', reason: 'connection_lost' });
    world.networkDone('m1', 'remove');
    expect(world.migration('m1').phase).toBe('failed');
  });
});

describe('what is asked of the hypervisors beside', () => {
  it('is told to both, and nothing of it to those of a request that does not ask', () => {
    const hypervisor = { announceRounds: 0, xbzrleCache: bytes(2 ** 25) };
    const world = able();
    world.begin(request('m1', { hypervisor }));
    const mechanism = {
      announce: { initialMs: 50, maxMs: 550, rounds: 0, stepMs: 100 },
      xbzrle: { cacheBytes: 2 ** 25 },
    };
    expect(mechanismTerms(world.state, world.migration('m1'))).toEqual({ mechanism });
    expect(mechanismTerms(world.state, { ...world.migration('m1'), request: request('m2') })).toEqual({});
  });
});

describe('a hybrid migration', () => {
  it('sends all memory once, then the VM', () => {
    const world = able();
    world.begin(request('m1', { mechanisms: ['hybrid'], downtimeLimit: millis(100) }));
    const effects = [...world.round('m1', stalling), ...world.counters('m1', null)];
    if (world.migration('m1').networkPending === 'resize') effects.push(...world.networkDone('m1', 'resize'));
    expect(told(effects)).toContain('start_postcopy → h1');
    expect(world.migration('m1').postcopy?.remaining).toBe(20e6);
  });
});

describe('a stall', () => {
  const stalled = (world: World) => {
    world.begin(request('m1', { mechanisms: ['precopy', 'hybrid'], downtimeLimit: millis(1000) }));
    const lines: string[] = [];
    for (let turn = 0; turn < 8 && world.migration('m1').outcome === null; turn += 1) {
      const effects = [...world.round('m1', stalling), ...world.counters('m1', null)];
      if (world.migration('m1').networkPending === 'resize')
        effects.push(...world.networkDone('m1', 'resize'));
      lines.push(...told(effects));
      if (world.migration('m1').postcopy !== null) break;
    }
    return lines;
  };

  it('is left by post-copy when no rate helps and the user allows it', () => {
    expect(stalled(able())).toContain('start_postcopy → h1');
  });

  it('is not left by post-copy where a hypervisor cannot do it', () => {
    const world = able();
    world.hostProfile('h3' as HostId, [], { capabilities: [] });
    expect(stalled(world)).not.toContain('start_postcopy → h1');
  });
});
