/** Real guests under the controller and its agents: two at once within one trunk, and one that is given up half-way. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findLabGuests } from '../src/guests/index.ts';
import { mustSkip, obstaclesToGuests } from '../src/lab/index.ts';
import { poll } from '../src/lab/poll.ts';
import { openStage, type Stage, type StageSnapshot } from '../src/stage/index.ts';
import type { Flow, Prober } from '../src/traffic/index.ts';
import { untilCompleted } from './completed.ts';
import { twoSites } from './stages.ts';

const story = twoSites({
  name: 'e2e-guests',
  trunkFloorMegabits: 10,
  vms: [
    { name: 'web', memoryMebibytes: 12, phases: [[600, 1, 6]] },
    { name: 'db', memoryMebibytes: 12, phases: [[600, 0.5, 4]] },
  ],
});
/** Two machines of about 80 MiB through 80 Mbit/s, on a machine that may be busy. */
const MIGRATION_TIMEOUT_MS = 90_000;
const say = (text: string) => process.stdout.write(`${text}\n`);

describe.skipIf(mustSkip('real guests under the controller', obstaclesToGuests()))('real guests', () => {
  let stage: Stage;
  let clean: StageSnapshot;
  let prober: Prober;
  let client: Flow;

  beforeAll(async () => {
    stage = await openStage(story, { run: 'managed', guests: 'qemu' });
    const flow = {
      kind: 'guest',
      name: 'web client',
      vm: 'web',
      client: 'c2',
      direction: 'download',
    } as const;
    client = await stage.startFlow({ ...flow, rateBitsPerSec: 2e6 });
    prober = await stage.startProber();
    await poll('answers of the guest', 30_000, async () => (prober.echoes.length > 100 ? true : null));
    clean = await stage.snapshot();
  });
  afterAll(async () => {
    await stage?.close();
  });

  const hostsOf = (vm: string) => findLabGuests(stage.lab.prefix, vm).map(({ host }) => host);

  it('that are given up half-way go on at their source, unharmed, and leave nothing behind', async () => {
    const id = await stage.migrate({
      id: 'half',
      vm: 'web',
      destination: 'h2',
      rateMaxBitsPerSec: 20e6,
      downtimeLimitSec: 0.5,
    });
    await stage.until(id, 'round 0', (view) => view.phase === 'precopy', 20_000);
    await stage.ask('POST', `/v1/migrations/${id}/abort`, { reason: 'e2e' });
    const { phase } = await stage.untilEnded(id, MIGRATION_TIMEOUT_MS);
    expect(phase).toBe('aborted');
    await poll('the machine that waited gone', 10_000, async () =>
      hostsOf('web').length === 1 ? true : null,
    );
    expect(hostsOf('web')).toEqual(['h1']);
    expect(await stage.guestProblems()).toEqual([]);
    expect(client.problem).toBe(null);
    expect(await stage.snapshot()).toEqual(clean);
  });

  it('migrate two at once, every page checked, while a client uses one', async () => {
    const from = performance.now();
    const ids = await Promise.all(
      ['web', 'db'].map((vm) =>
        stage.migrate({ id: `both-${vm}`, vm, destination: 'h2', downtimeLimitSec: 0.5 }),
      ),
    );
    for (const id of ids) {
      const { receipt } = await untilCompleted(stage, id, MIGRATION_TIMEOUT_MS);
      say(
        `${id}: total ${receipt?.totalTimeSec?.toFixed(1)} s, downtime ${Math.round((receipt?.downtimeSec ?? 0) * 1000)} ms`,
      );
    }
    await poll('echoes from the destination', 10_000, async () => (prober.longestGap() ? true : null));
    const gap = prober.longestGap();
    say(
      `both ended after ${((performance.now() - from) / 1000).toFixed(1)} s, longest silence of web ${Math.round(gap?.durationMs ?? -1)} ms`,
    );
    for (const vm of ['web', 'db']) {
      await poll(`${vm} at one host`, 10_000, async () => (hostsOf(vm).length === 1 ? true : null));
      expect(hostsOf(vm)).toEqual(['h2']);
    }
    expect(await stage.guestProblems()).toEqual([]);
    expect(client.problem).toBe(null);
  });
});
