// A real guest moves there and back while a prober asks it every millisecond. How long it takes is told, not asserted;
// that nothing waits for the guest or its hypervisor to announce itself is, and so is that its new place lies ready in
// the switches beforehand, that its stop costs each of them one entry, and that a failure puts that one back.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findLabGuests } from '../src/guests/index.ts';
import { mustSkip, obstaclesToGuests } from '../src/lab/index.ts';
import { poll } from '../src/lab/poll.ts';
import { type HitlessStage, type Move, openHitlessStage, type Stage } from '../src/stage/index.ts';
import { monotonicMs } from '../src/traffic/index.ts';
import { machinesOf, onlyAt } from './breaks.ts';
import { figures } from './observe.ts';
import { twoSites } from './stages.ts';

const SILENT = { hypervisor: { announceRounds: 0 } };
const story = twoSites({
  name: 'e2e-hitless',
  trunkFloorMegabits: 10,
  vms: [{ name: 'web', memoryMebibytes: 8, phases: [[600, 0.2, 2]] }],
});

describe.skipIf(mustSkip('hitless moves of real guests', obstaclesToGuests()))('a guest that moves', () => {
  let hitless: HitlessStage;
  beforeAll(async () => {
    hitless = await openHitlessStage(story);
  });
  afterAll(async () => {
    await hitless?.close();
  });

  const tell = (move: Move) =>
    figures(`to ${move.destination}`, {
      silenceMs: move.gapMs.toFixed(1),
      stoppedMs: move.stoppedMs.toFixed(1),
      wakingMs: move.wakingMs.toFixed(1),
      networkMs: move.networkMs.toFixed(1),
      flippedMs: move.flippedMs.toFixed(1),
      lost: move.lost,
      startStallMs: move.startStallMs.toFixed(1),
      quietMs: move.quietMs.toFixed(1),
    });

  it.each(['h2', 'h1'])('to %s is reached there before it runs, though nobody announces it', async (to) => {
    const body = { hypervisor: { announceRounds: 0 } };
    const move = await hitless.move({ id: `to-${to}`, destination: to, body });
    tell(move);
    const destination = hitless.monitors.at(to, 'web');
    expect(await destination.execute('query-migrate-parameters')).toMatchObject({ 'announce-rounds': 0 });
    expect(move.flippedMs).toBeLessThan(move.stoppedMs);
    expect(move.lost).toBeLessThan(move.stoppedMs);
    expect(hitless.monitors.impossible).toBe(0);
    expect(findLabGuests(hitless.stage.lab.prefix, 'web').map(({ host }) => host)).toEqual([to]);
  });

  it('goes back with its traffic when its destination dies in mid-switchover', async () => {
    const { stage, monitors, prober } = hitless;
    const clean = await placesIn(stage);
    const { id, prepared, host, pid } = await holdSwitchover(hitless, ['h2', 'h1', 'h2']);
    expect(lines(prepared, 'unicast')).toEqual(lines(clean, 'unicast'));
    for (const kept of Object.values(prepared)) expect(kept.standby).toHaveLength(1);
    const flipped = await poll('the flip', FLIP_TIMEOUT_MS, async () => {
      const places = await placesIn(stage);
      return lines(places, 'unicast').length === 0 ? places : null;
    });
    // Nothing but that: what was prepared is what counts now.
    for (const [name, { standby, arriving }] of Object.entries(flipped))
      expect({ standby, arriving }).toEqual({
        standby: prepared[name]?.standby,
        arriving: prepared[name]?.arriving,
      });
    const killedMs = monotonicMs();
    process.kill(pid, 'SIGKILL');
    const back = await monitors.next('web', 'RESUME', killedMs, ENDED_TIMEOUT_MS);
    expect(back.host).not.toBe(host);
    const heard = await poll(
      'an answer',
      ENDED_TIMEOUT_MS,
      async () => prober.echoes.find(({ sentMs }) => sentMs > back.atMs) ?? null,
    );
    expect(await stage.untilEnded(id)).toMatchObject({ outcome: 'failed', reason: 'connection_lost' });
    figures('destination killed in mid-switchover', {
      runsAgainAfterMs: (back.atMs - killedMs).toFixed(1),
      answersAfterMs: (heard.receivedMs - killedMs).toFixed(1),
      flippedBackMs: (heard.sentMs - back.atMs).toFixed(1),
    });
    await onlyAt(stage, 'web', back.host);
    expect(await placesIn(stage)).toEqual(clean);
  });

  it('is unharmed, and nothing of its moves is left', async () => {
    expect(await hitless.stage.guestProblems()).toEqual([]);
    const { nics, redis } = await hitless.stage.snapshot();
    expect(nics).toEqual({ h1: [], h2: [] });
    expect(redis.reservations).toEqual([]);
  });
});

const FLIP_TIMEOUT_MS = 5000;
const STOP_TIMEOUT_MS = 40_000;
const ENDED_TIMEOUT_MS = 15_000;

/** Entries for the guest's MAC on one switch, by what they are for. */
interface Places {
  readonly unicast: readonly string[];
  readonly standby: readonly string[];
  readonly arriving: readonly string[];
}

async function placesIn({ lab, network }: Stage): Promise<Readonly<Record<string, Places>>> {
  const mac = story.vms[0]?.mac ?? '';
  const places: Record<string, Places> = {};
  for (const [name, bridge] of network.bridges) {
    const text = await lab.switchd.ofctl(['--no-stats', 'dump-flows', bridge]);
    const own = text.split('\n').filter((line) => line.includes(`dl_dst=${mac}`));
    const at = (priority: number) => own.filter((line) => line.includes(`priority=${priority},`));
    places[name] = {
      unicast: at(PRIORITY.unicast),
      standby: at(PRIORITY.standby),
      arriving: at(PRIORITY.arriving),
    };
  }
  return places;
}

/** As in the controller's table of priorities. */
const PRIORITY = { arriving: 2100, unicast: 2000, standby: 1900 };

const lines = (places: Readonly<Record<string, Places>>, kind: keyof Places): readonly string[] =>
  Object.values(places).flatMap((one) => one[kind]);

/**
 * A migration whose destination was made to stand still after the guest's stop and before it ran there. It may be
 * there before it can be held; then it is tried again, from where it is now.
 */
async function holdSwitchover({ stage, monitors }: HitlessStage, destinations: readonly string[]) {
  for (const [attempt, host] of destinations.entries()) {
    const id = `held-${attempt}`;
    const askedMs = monotonicMs();
    await stage.migrate({ ...{ id, vm: 'web', destination: host, downtimeLimitSec: 0.5 }, ...SILENT });
    const prepared = await poll('the next place', STOP_TIMEOUT_MS, async () => {
      const places = await placesIn(stage);
      return Object.values(places).every(({ standby }) => standby.length > 0) ? places : null;
    });
    await monitors.next('web', 'STOP', askedMs, STOP_TIMEOUT_MS);
    const pid = machinesOf(stage, 'web').find((machine) => machine.host === host)?.record.pid ?? Number.NaN;
    process.kill(pid, 'SIGSTOP');
    const view = await stage.client.migration(id);
    const runsThere = monitors.events.some(({ name, atMs }) => name === 'RESUME' && atMs > askedMs);
    if (!runsThere && view.outcome === null) return { id, prepared, host, pid };
    process.kill(pid, 'SIGCONT');
    await stage.untilEnded(id);
  }
  throw new Error('the guest was always there first');
}
