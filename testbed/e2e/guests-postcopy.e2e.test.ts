// Post-copy of a real guest under the whole controller: the VM moves first, its memory follows over a protected
// reservation, and nothing but its own success ends it: not a broken cable, not an agent that is started anew.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mustSkip, obstaclesToGuests } from '../src/lab/index.ts';
import { poll } from '../src/lab/poll.ts';
import { openStage, type Stage, type StageSnapshot } from '../src/stage/index.ts';
import { type Flow, monotonicMs, type Prober } from '../src/traffic/index.ts';
import { cable, linksUp, onlyAt } from './breaks.ts';
import { figures, type Watch, watch, withoutPlaceOf } from './observe.ts';
import { twoSites } from './stages.ts';

const story = twoSites({
  name: 'e2e-postcopy',
  trunkFloorMegabits: 40,
  vms: [{ name: 'web', memoryMebibytes: 12, phases: [[600, 0.6, 6]] }],
});
const MAC = story.vms[0]?.mac ?? '';
const TRUNK = { switch: 's1', port: 10 };
const END_TIMEOUT_MS = 90_000;

describe.skipIf(mustSkip('post-copy of real guests', obstaclesToGuests()))('a guest in post-copy', () => {
  let stage: Stage;
  let clean: StageSnapshot;
  let prober: Prober;
  let client: Flow;
  let seen: Watch;
  let host = 'h1';

  beforeAll(async () => {
    stage = await openStage(story, { run: 'managed', guests: 'qemu' });
    client = await stage.startFlow({
      ...{ kind: 'guest', name: 'web client', vm: 'web', client: 'c2' },
      ...{ direction: 'download', rateBitsPerSec: 1e6 },
    });
    prober = await stage.startProber();
    await poll('answers of the guest', 10_000, async () => (prober.echoes.length > 100 ? true : null));
    seen = watch(stage, stage.network.port('s1', 10));
    clean = await stage.snapshot();
  });
  afterAll(async () => {
    await seen?.stop();
    await stage?.close();
  });

  const other = () => (host === 'h1' ? 'h2' : 'h1');
  const begin = (id: string, rest: object = {}) =>
    stage.migrate({ id, vm: 'web', destination: other(), mechanisms: ['postcopy'], ...rest });
  const event = (type: string, id: string | null) =>
    poll(
      `${type} of ${id}`,
      30_000,
      async () => seen.events.find((one) => one.type === type && one.subject === id) ?? null,
    );

  /** Whatever happened: the guest is whole, at its new host alone, answers, and nothing else is left. */
  async function expectMoved(id: string): Promise<void> {
    const view = await stage.untilEnded(id, END_TIMEOUT_MS);
    expect(view).toMatchObject({ outcome: 'completed', reason: null, reasonDetail: null });
    host = other();
    await onlyAt(stage, 'web', host);
    expect(await stage.guestProblems()).toEqual([]);
    await poll('answers', 10_000, async () =>
      (prober.echoes.at(-1)?.receivedMs ?? 0) > monotonicMs() - 500 ? true : null,
    );
    expect(client.problem).toBe(null);
    expect(withoutPlaceOf(MAC, await stage.snapshot())).toEqual(withoutPlaceOf(MAC, clean));
  }

  it('whose trunk is cut pauses, and goes on to the end when the cable is back', async () => {
    const id = 'cut';
    await begin(id);
    await stage.until(id, 'post-copy', (view) => view.phase === 'postcopy', 20_000);
    const cutMs = monotonicMs();
    await cable(stage, TRUNK, 'down');
    const paused = await event('postcopy_paused', id);
    const backMs = monotonicMs();
    await cable(stage, TRUNK, 'up');
    await linksUp(stage);
    const upMs = monotonicMs();
    const recovered = await event('postcopy_recovered', id);
    figures('cut in post-copy', {
      pausedAfterMs: (paused.atMs - cutMs).toFixed(0),
      linkKnownUpAfterMs: (upMs - backMs).toFixed(0),
      runningAgainAfterMs: (recovered.atMs - backMs).toFixed(0),
    });
    await expectMoved(id);
    figures('cut in post-copy', {
      silenceMs: (prober.longestGap({ fromMs: cutMs, toMs: monotonicMs() })?.durationMs ?? -1).toFixed(0),
    });
  });
});
