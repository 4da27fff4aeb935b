// Two trunks side by side, and the one that carries a guest's post-copy is cut: its reservation moves to the other one,
// on the same connection, and neither the guest nor its memory has to wait for the cable.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mustSkip, obstaclesToGuests } from '../src/lab/index.ts';
import { poll } from '../src/lab/poll.ts';
import { openStage, type Stage, type StageSnapshot } from '../src/stage/index.ts';
import { monotonicMs, type Prober } from '../src/traffic/index.ts';
import { cable, linksOf, linksUp, onlyAt } from './breaks.ts';
import { untilCompleted } from './completed.ts';
import { figures, type Watch, watch, withoutPlaceOf } from './observe.ts';
import { twoSites } from './stages.ts';

const story = twoSites({
  name: 'e2e-reroute',
  trunks: 2,
  trunkFloorMegabits: 20,
  vms: [{ name: 'web', memoryMebibytes: 12, phases: [[600, 0.6, 6]] }],
});
const MAC = story.vms[0]?.mac ?? '';
const TOLD_TIMEOUT_MS = 10_000;
const END_TIMEOUT_MS = 90_000;

describe.skipIf(mustSkip('another way in post-copy', obstaclesToGuests()))(
  'a guest in post-copy whose trunk is cut while there is another one',
  () => {
    let stage: Stage;
    let clean: StageSnapshot;
    let prober: Prober;
    let seen: Watch;

    beforeAll(async () => {
      stage = await openStage(story, { run: 'managed', guests: 'qemu' });
      prober = await stage.startProber();
      await poll('answers of the guest', 30_000, async () => (prober.echoes.length > 100 ? true : null));
      seen = watch(stage, stage.network.port('s1', 1));
      clean = await stage.snapshot();
    });
    afterAll(async () => {
      await seen?.stop();
      await stage?.close();
    });

    it('goes on over the other one, and comes over whole', async () => {
      const id = 'reroute';
      await stage.migrate({
        ...{ id, vm: 'web', destination: 'h2', mechanisms: ['postcopy'], rateMaxBitsPerSec: 60e6 },
      });
      const { path } = await stage.until(id, 'post-copy', ({ phase }) => phase === 'postcopy', 30_000);
      const port = path.some((link) => link.startsWith('s1:10>')) ? 10 : 11;
      const cutMs = monotonicMs();
      await cable(stage, { switch: 's1', port }, 'down');
      const moved = await poll('the other way', TOLD_TIMEOUT_MS, async () => {
        const isIt = ({ type, subject }: { type: string; subject: string | null }) =>
          type === 'rerouted' && subject === id;
        return seen.events.find(isIt) ?? null;
      });
      const other = 21 - port;
      expect((await stage.client.migration(id)).path).toContain(`s1:${other}>s2:${other}`);
      const reserved = (await linksOf(stage)).find((link) => link.id === `s1:${other}>s2:${other}`);
      expect(reserved?.reservedBitsPerSec).toBeGreaterThan(0);
      const view = await untilCompleted(stage, id, END_TIMEOUT_MS, seen);
      const endMs = monotonicMs();
      expect(seen.events.map(({ type }) => type)).not.toContain('postcopy_paused');
      await onlyAt(stage, 'web', 'h2');
      expect(await stage.guestProblems()).toEqual([]);
      await cable(stage, { switch: 's1', port }, 'up');
      await linksUp(stage);
      await poll('everything as before', TOLD_TIMEOUT_MS, async () =>
        JSON.stringify(withoutPlaceOf(MAC, await stage.snapshot())) ===
        JSON.stringify(withoutPlaceOf(MAC, clean))
          ? true
          : null,
      );
      figures('rerouted in post-copy', {
        movedAfterMs: (moved.atMs - cutMs).toFixed(0),
        completedAfterMs: (endMs - cutMs).toFixed(0),
        totalSec: view.receipt?.totalTimeSec.toFixed(1) ?? '?',
      });
    });
  },
);
