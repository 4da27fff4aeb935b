// Everything that ends a migration early, or keeps it from beginning: nothing may stay behind, and the VM serves on.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../src/lab/command.ts';
import { mustSkip } from '../src/lab/index.ts';
import { poll } from '../src/lab/poll.ts';
import type { MigrationView } from '../src/run/controller-client.ts';
import { openStage, type Stage, type StageSnapshot } from '../src/stage/index.ts';
import { type Flow, monotonicMs, type Prober } from '../src/traffic/index.ts';
import { figures, flowsOnlyIn, longRounds, megabits, percent, untilAt } from './observe.ts';
import { twoSites } from './stages.ts';

const story = twoSites({
  name: 'e2e-endings',
  trunkFloorMegabits: 20,
  vms: [
    { name: 'web', memoryMebibytes: 16, phases: [[600, 0.3, 4]] },
    { name: 'db', memoryMebibytes: 16, phases: [[600, 0.2, 2]] },
  ],
});
/** Round 0 takes seven seconds at this rate: time to get in between. */
const SLOW = { vm: 'web', destination: 'h2', rateMaxBitsPerSec: 20e6, downtimeLimitSec: 0.5 };
const RELEASE_LIMIT_MS = 5000;
/** A probe that waits for a busy processor is late; a VM that was paused is silent for longer. */
const SILENCE_MAX_MS = 400;

describe.skipIf(mustSkip('early ends on real parts'))('a migration that ends early', () => {
  let stage: Stage;
  let clean: StageSnapshot;
  let prober: Prober;
  let guest: Flow;

  beforeAll(async () => {
    stage = await openStage(story, { run: 'managed' });
    guest = await stage.startFlow({
      ...{ kind: 'guest', name: 'web client', vm: 'web', client: 'c2' },
      direction: 'download',
      rateBitsPerSec: 2e6,
    });
    prober = await stage.startProber();
    await poll('answers of the VM', 30_000, async () => (prober.echoes.length > 100 ? true : null));
    clean = await stage.snapshot();
  });
  afterAll(async () => {
    await stage?.close();
  });

  /** Starts a slow migration and returns in the middle of round 0, when its reservation is in the switches. */
  async function inRoundZero(id: string): Promise<void> {
    await stage.migrate({ id, ...SLOW });
    await stage.until(id, 'round 0', (view) => view.phase === 'precopy', 15_000);
    expect(flowsOnlyIn(await stage.snapshot(), clean).length).toBeGreaterThan(0);
  }

  /** What must hold after an early end, asked from outside of the controller. */
  async function expectNothingLeft(): Promise<void> {
    expect(await stage.snapshot()).toEqual(clean);
    const { body } = await stage.ask('GET', '/v1/reservations');
    expect(body).toEqual({ reservations: [] });
  }

  async function expectServing(sinceMs: number, host: string): Promise<void> {
    await untilAt(monotonicMs() + 300);
    const silence = prober.longestGap({ fromMs: sinceMs, toMs: monotonicMs() })?.durationMs ?? 0;
    figures('longest silence', { ms: silence.toFixed(0) });
    expect(silence).toBeLessThan(SILENCE_MAX_MS);
    expect(prober.echoes.at(-1)?.receivedMs ?? 0).toBeGreaterThan(monotonicMs() - 1000);
    expect(guest.problem).toBeNull();
    const { body } = await stage.ask('GET', '/v1/vms');
    expect((body as { vms: unknown[] }).vms).toContainEqual(
      expect.objectContaining({ name: 'web', host, state: 'running' }),
    );
  }

  it('by an abort in mid-round is rolled back everywhere, and the VM serves on at its source', async () => {
    await inRoundZero('abort');
    const abortedMs = monotonicMs();
    const answer = await stage.ask('POST', '/v1/migrations/abort/abort', { reason: 'changed my mind' });
    expect(answer.status).toBe(202);
    const view = await stage.untilEnded('abort');
    const tookMs = monotonicMs() - abortedMs;
    expect(view).toMatchObject({ outcome: 'aborted', reason: 'abort_requested' });
    figures('abort', { releasedAfterMs: tookMs.toFixed(0) });
    expect(tookMs).toBeLessThan(RELEASE_LIMIT_MS);
    await expectNothingLeft();
    await expectServing(abortedMs, 'h1');
  });

  it.each([
    ['source', 'h1'],
    ['destination', 'h2'],
  ])('because the agent of its %s was killed is released within five seconds', async (side, host) => {
    const id = `no-${side}`;
    await inRoundZero(id);
    const killedMs = monotonicMs();
    const end = await stage.agent(host).kill();
    expect(end.signal).toBe('SIGKILL');
    const view = await stage.untilEnded(id);
    const released = await stage.snapshot();
    const tookMs = monotonicMs() - killedMs;
    figures(`agent of the ${side} killed`, {
      reason: view.reason ?? '?',
      releasedAfterMs: tookMs.toFixed(0),
    });
    expect(view).toMatchObject({ outcome: 'failed' });
    expect(['agent_lost', 'connection_lost']).toContain(view.reason);
    expect(tookMs).toBeLessThan(RELEASE_LIMIT_MS);
    expect(withoutDeadAgent(released, host)).toEqual(withoutDeadAgent(clean, host));
    await stage.agent(host).restart();
    await poll('the agent to be known again', 30_000, async () => {
      const { body } = await stage.ask('GET', '/v1/hosts');
      const hosts = (body as { hosts: { name: string; agentAlive: boolean | null }[] }).hosts;
      return hosts.every((one) => one.agentAlive !== false) ? true : null;
    });
    await expectServing(killedMs, 'h1');
    await expectNothingLeft();
  });

  it('because its only cable breaks is released at once', async () => {
    await inRoundZero('cable');
    const { device } = stage.network.port('s1', 10);
    const cutMs = monotonicMs();
    await cable(stage, device, 'down');
    try {
      const view = await stage.untilEnded('cable');
      const tookMs = monotonicMs() - cutMs;
      figures('cable broken', { reason: view.reason ?? '?', releasedAfterMs: tookMs.toFixed(0) });
      expect(view).toMatchObject({ outcome: 'failed', reason: 'link_down' });
      expect(tookMs).toBeLessThan(RELEASE_LIMIT_MS);
    } finally {
      await cable(stage, device, 'up');
    }
    await linksUp(stage);
    await poll('answers of the VM', 30_000, async () =>
      (prober.echoes.at(-1)?.receivedMs ?? 0) > cutMs + 1000 ? true : null,
    );
    await expectNothingLeft();
    expect(guest.problem).toBeNull();
  });

  it('does not keep its VM from moving later: agents that came back know their VMs', async () => {
    await stage.migrate({ id: 'later', vm: 'web', destination: 'h2' });
    expect(await stage.untilEnded('later')).toMatchObject({ outcome: 'completed' });
    await stage.migrate({ id: 'later-back', vm: 'web', destination: 'h1' });
    expect(await stage.untilEnded('later-back')).toMatchObject({ outcome: 'completed' });
    await expectNothingLeft();
    expect(guest.problem).toBeNull();
  });

  it('and one beside it share the links: both finish and the links never promise more than they have', async () => {
    const promised: number[] = [];
    await stage.migrate({ id: 'two-web', vm: 'web', destination: 'h2', rateMaxBitsPerSec: 40e6 });
    await stage.migrate({ id: 'two-db', vm: 'db', destination: 'h2', rateMaxBitsPerSec: 30e6 });
    const look = async (): Promise<readonly MigrationView[]> => {
      promised.push(await trunkPromises(stage));
      return Promise.all([stage.client.migration('two-web'), stage.client.migration('two-db')]);
    };
    const views = await poll('both ends', 60_000, async () => {
      const seen = await look();
      return seen.every((view) => view.receipt) ? seen : null;
    });
    figures('two at once', {
      mostPromised: megabits(Math.max(...promised)),
      rounds: views
        .flatMap((view) => longRounds(view))
        .map(
          (round) =>
            `${megabits(round.reserved)} got ${percent(round.measured / round.reserved - 1)} by ${round.measuredFrom}`,
        )
        .join(' '),
    });
    expect(views.map((view) => view.outcome)).toEqual(['completed', 'completed']);
    for (const round of views.flatMap((view) => longRounds(view)))
      expect(Math.abs(round.measured / round.reserved - 1)).toBeLessThan(0.05);
    // Capacity 100, headroom 10, floor 20.
    expect(Math.max(...promised)).toBeLessThanOrEqual(70e6);
    expect(Math.max(...promised)).toBeGreaterThan(40e6);
    for (const vm of ['web', 'db']) {
      await stage.migrate({ id: `two-${vm}-back`, vm, destination: 'h1' });
      expect(await stage.untilEnded(`two-${vm}-back`)).toMatchObject({ outcome: 'completed' });
    }
    await expectNothingLeft();
  });
});

/** A dead agent leaves the class on its NIC and the command to it; both are taken back when it returns. */
const withoutDeadAgent = (snapshot: StageSnapshot, host: string): StageSnapshot => ({
  ...snapshot,
  nics: { ...snapshot.nics, [host]: [] },
  redis: { ...snapshot.redis, commands: {} },
});

const cable = (stage: Stage, device: string, state: 'up' | 'down'): Promise<string> =>
  run('ip', ['-n', stage.lab.switchNamespace, 'link', 'set', device, state]);

interface LinkView {
  readonly id: string;
  readonly status: string;
  readonly reservedBitsPerSec: number;
}

async function linksOf(stage: Stage): Promise<readonly LinkView[]> {
  const { body } = await stage.ask('GET', '/v1/topology');
  return (body as { links: LinkView[] }).links;
}

const linksUp = (stage: Stage): Promise<true> =>
  poll('all links up', 30_000, async () =>
    (await linksOf(stage)).every((link) => link.status === 'up') ? true : null,
  );

async function trunkPromises(stage: Stage): Promise<number> {
  const trunk = (await linksOf(stage)).find((link) => link.id.startsWith('s1:10'));
  if (!trunk) throw new RangeError('the topology has no trunk');
  return trunk.reservedBitsPerSec;
}
