// Post-copy of a real guest under the whole controller: the VM moves first, its memory follows over a protected
// reservation, and nothing but its own success ends it: not a broken cable, not an agent that is started anew.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mustSkip, obstaclesToGuests } from '../src/lab/index.ts';
import { poll } from '../src/lab/poll.ts';
import type { MigrationView } from '../src/run/controller-client.ts';
import { openStage, type Stage, type StageSnapshot } from '../src/stage/index.ts';
import { goodput } from '../src/traffic/aggregate.ts';
import { type Flow, monotonicMs, type Prober, type Window } from '../src/traffic/index.ts';
import { cable, linksUp, onlyAt, standStill } from './breaks.ts';
import { untilCompleted } from './completed.ts';
import { figures, megabits, untilAt, type Watch, watch, withoutPlaceOf } from './observe.ts';
import { twoSites } from './stages.ts';

const FLOOR = 20e6;
/** More than the floor is offered in both directions, so that only the reservation could take it away. */
const OFFERED = 30e6;
const story = twoSites({
  name: 'e2e-postcopy',
  trunkFloorMegabits: FLOOR / 1e6,
  vms: [{ name: 'web', memoryMebibytes: 12, phases: [[600, 0.6, 6]] }],
});
const MAC = story.vms[0]?.mac ?? '';
const TRUNK = { switch: 's1', port: 10 };
const EVENT_TIMEOUT_MS = 30_000;
const END_TIMEOUT_MS = 90_000;

describe.skipIf(mustSkip('post-copy of real guests', obstaclesToGuests()))('a guest in post-copy', () => {
  let stage: Stage;
  let clean: StageSnapshot;
  let prober: Prober;
  let client: Flow;
  let seen: Watch;
  let applications: readonly Flow[] = [];
  let host = 'h1';

  beforeAll(async () => {
    stage = await openStage(story, { run: 'managed', guests: 'qemu' });
    client = await stage.startFlow({
      ...{ kind: 'guest', name: 'web client', vm: 'web', client: 'c2' },
      ...{ direction: 'download', rateBitsPerSec: 1e6 },
    });
    const udp = { kind: 'udp', rateBitsPerSec: OFFERED } as const;
    applications = [
      await stage.startFlow({ ...udp, name: 'there', from: 'c1', to: 'c2' }),
      await stage.startFlow({ ...udp, name: 'back', from: 'c2', to: 'c1' }),
    ];
    prober = await stage.startProber();
    await poll('answers of the guest', 30_000, async () => (prober.echoes.length > 100 ? true : null));
    seen = watch(stage, stage.network.port(TRUNK.switch, TRUNK.port));
    clean = await stage.snapshot();
  });
  afterAll(async () => {
    await seen?.stop();
    await stage?.close();
  });

  const other = () => (host === 'h1' ? 'h2' : 'h1');
  const begin = (id: string, mechanism: 'postcopy' | 'hybrid', rest: object = {}) =>
    stage.migrate({ id, vm: 'web', destination: other(), mechanisms: [mechanism], ...rest });
  const inPostcopy = (id: string) =>
    stage.until(id, 'post-copy', ({ phase }) => phase === 'postcopy', EVENT_TIMEOUT_MS);
  const told = (type: string, id: string) =>
    poll(
      `${type} of ${id}`,
      EVENT_TIMEOUT_MS,
      async () => seen.events.find((one) => one.type === type && one.subject === id) ?? null,
    );

  /** Whatever happened: the guest is whole, at its new host alone, answers, and nothing else is left. */
  async function expectMoved(id: string): Promise<MigrationView> {
    const view = await untilCompleted(stage, id, END_TIMEOUT_MS, seen);
    expect(view.rounds.at(-1)?.phase).toBe('postcopy');
    host = other();
    await onlyAt(stage, 'web', host);
    expect(await stage.guestProblems()).toEqual([]);
    await poll('answers', 10_000, async () =>
      (prober.echoes.at(-1)?.receivedMs ?? 0) > monotonicMs() - 500 ? true : null,
    );
    expect(client.problem).toBe(null);
    expect(withoutPlaceOf(MAC, await stage.snapshot())).toEqual(withoutPlaceOf(MAC, clean));
    return view;
  }

  /** From the VM's stop until the last of its memory has come. */
  const whileMoving = (id: string): Window => ({
    fromMs: seen.at('vm_stopped', id),
    toMs: seen.at('migration_completed', id),
  });
  async function expectFloors(id: string, window: Window): Promise<void> {
    await untilAt(window.toMs);
    const rates = applications.map(({ samples }) => goodput(samples, window));
    figures(`floors during ${id}`, { there: megabits(rates[0] ?? 0), back: megabits(rates[1] ?? 0) });
    for (const rate of rates) expect(rate).toBeGreaterThanOrEqual(FLOOR);
  }
  const silence = (window: Window) => (prober.longestGap(window)?.durationMs ?? 0).toFixed(0);
  const sec = (view: MigrationView) => view.receipt?.totalTimeSec.toFixed(1) ?? '?';

  it('keeps both floors to the end and every page, and is not aborted once it has begun', async () => {
    await begin('post', 'postcopy');
    await inPostcopy('post');
    const { status, body } = await stage.ask('POST', '/v1/migrations/post/abort', { reason: 'too late' });
    expect({ status, body }).toMatchObject({ status: 409, body: { code: 'vm_already_moved' } });
    const view = await expectMoved('post');
    const window = whileMoving('post');
    figures('post-copy', {
      totalSec: sec(view),
      downtimeMs: ((view.receipt?.downtimeSec ?? 0) * 1000).toFixed(0),
      silenceMs: silence(window),
    });
    await expectFloors('post', window);
  });

  it('after a round of pre-copy keeps them as well', async () => {
    await begin('hybrid', 'hybrid');
    const view = await expectMoved('hybrid');
    const window = whileMoving('hybrid');
    const types = seen.events.filter(({ subject }) => subject === 'hybrid').map(({ type }) => type);
    const beforeOrder = types.slice(0, types.indexOf('postcopy_ordered'));
    expect(beforeOrder.filter((type) => type === 'round_finished')).toHaveLength(1);
    // QEMU does not stand still: it may end one more round before the order reaches it.
    const phases = view.rounds.map(({ phase }) => phase);
    expect([phases.at(0), phases.at(-1)]).toEqual(['precopy', 'postcopy']);
    expect(phases.filter((phase) => phase === 'postcopy')).toHaveLength(1);
    figures('hybrid', {
      rounds: phases.length,
      totalSec: sec(view),
      afterTheVmMs: (window.toMs - window.fromMs).toFixed(0),
      silenceMs: silence(window),
    });
    await expectFloors('hybrid', { ...window, fromMs: seen.at('migration_started', 'hybrid') });
  });

  it('outlives both agents, who are started anew, then a cut of the trunk, and a new agent meanwhile', async () => {
    await begin('outlives', 'postcopy', { rateMaxBitsPerSec: 30e6 });
    await inPostcopy('outlives');
    const spent: Record<string, string> = {};
    // Side by side: on a busy machine Node takes seconds to start, and the memory does not wait.
    const starting = [other(), host].map(async (each) => {
      const killedMs = monotonicMs();
      await stage.agent(each).kill();
      await stage.agent(each).restart();
      spent[`${each}BackAfterMs`] = (monotonicMs() - killedMs).toFixed(0);
    });
    await Promise.all(starting);
    // Both have their classes again: the memory, and its acknowledgements.
    expect((await stage.snapshot()).nics).toMatchObject({
      h1: [expect.any(String)],
      h2: [expect.any(String)],
    });
    const cutMs = monotonicMs();
    await cable(stage, TRUNK, 'down');
    const paused = await told('postcopy_paused', 'outlives');
    await standStill(stage, 'web', other());
    await stage.agent(other()).kill();
    await stage.agent(other()).restart();
    const backMs = monotonicMs();
    await cable(stage, TRUNK, 'up');
    const recovered = await told('postcopy_recovered', 'outlives');
    await linksUp(stage);
    const view = await expectMoved('outlives');
    figures('agents started anew, trunk cut', {
      ...spent,
      pausedAfterMs: (paused.atMs - cutMs).toFixed(0),
      runningAgainAfterMs: (recovered.atMs - backMs).toFixed(0),
      totalSec: sec(view),
      silenceMs: silence(whileMoving('outlives')),
      silentFromBackMs: (silentUntil(backMs) - backMs).toFixed(0),
    });
  });
  const silentUntil = (atMs: number): number =>
    prober.longestGap({ fromMs: atMs, toMs: atMs + 1 })?.endMs ?? atMs;
});
