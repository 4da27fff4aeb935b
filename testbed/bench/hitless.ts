/**
 * What a switchover costs the users of a real guest: a prober asks it every millisecond while it moves there and back
 * over two switches, with the hypervisor's own announcements after a resume and without them.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { twoSites } from '../e2e/stages.ts';
import { type HitlessStage, type Move, measurePause, openHitlessStage } from '../src/stage/index.ts';
import { quantile } from './quantile.ts';

/** There and back, of each kind. */
const MOVES = 10;
const QUIET_MS = 5000;

export async function run(): Promise<{ name: string; lines: string[] }> {
  const hitless = await openHitlessStage(
    twoSites({
      name: 'hitless',
      trunkFloorMegabits: 10,
      vms: [{ name: 'web', memoryMebibytes: 8, phases: [[3600, 0.2, 2]] }],
    }),
  );
  try {
    const lines = [await quiet(hitless)];
    for (const [kind, body] of KINDS) {
      const moves: Move[] = [];
      for (let turn = 0; turn < MOVES; turn += 1) {
        const destination = turn % 2 === 0 ? 'h2' : 'h1';
        moves.push(await hitless.move({ id: `${kind.split(' ')[0]}-${turn}`, destination, body }));
      }
      lines.push(...figuresOf(kind, moves));
    }
    lines.push(await paused(hitless, AFTER_ALL));
    const problems = await hitless.stage.guestProblems();
    lines.push(
      `memory of the guest afterwards: ${problems.length === 0 ? 'every page as written' : problems.join('; ')}`,
    );
    return { name: `switchover of a guest of 8 MiB, ${MOVES} moves of each kind`, lines };
  } finally {
    await hitless.close();
  }
}

/** It went there and back. */
const AFTER_ALL = 'h1';
const PAUSES = 10;

const KINDS = [
  ['announced by QEMU', {}],
  ['no announcements', { hypervisor: { announceRounds: 0 } }],
] as const;

/** What prober and machine show when nothing happens. */
async function quiet({ prober }: HitlessStage): Promise<string> {
  const from = prober.echoes.length;
  await delay(QUIET_MS);
  const echoes = prober.echoes.slice(from);
  const silences = echoes.slice(1).map((echo, index) => echo.receivedMs - (echoes[index]?.receivedMs ?? 0));
  const trips = echoes.map((echo) => echo.receivedMs - echo.sentMs);
  return `nothing moves: silence between answers ${spread(silences)}, round trip ${spread(trips)} (median, 99 %, longest)`;
}

/** The same guest on the same processor: what its waking is without a new one. */
async function paused(hitless: HitlessStage, host: string): Promise<string> {
  const values: number[] = [];
  for (let turn = 0; turn < PAUSES; turn += 1) values.push(await measurePause(hitless, { host, vm: 'web' }));
  return `paused and continued where it is, ${PAUSES} times: RESUME until an answer ${spread(values)}`;
}

const spread = (values: readonly number[]): string =>
  `${[0.5, 0.99, 1].map((share) => quantile(values, share).toFixed(1)).join(' / ')} ms`;

function figuresOf(kind: string, moves: readonly Move[]): string[] {
  const row = (name: string, pick: (move: Move) => number) => {
    const values = moves.map(pick);
    const [least, half, most] = [0, 0.5, 1].map((share) => quantile(values, share).toFixed(1));
    return `  ${name.padEnd(44)} median ${half} ms (${least} to ${most})`;
  };
  return [
    `${kind}:`,
    row('silence that the prober saw', (move) => move.gapMs),
    row('of it stopped, STOP to RESUME', (move) => move.stoppedMs),
    row('of it the guest waking up', (move) => move.wakingMs),
    row('of it the network', (move) => move.networkMs),
    row('silence less stop', (move) => move.gapMs - move.stoppedMs),
    row('STOP until frames go to the destination', (move) => move.flippedMs),
    row('stall where the migration begins', (move) => move.startStallMs),
    row('longest silence while memory is copied', (move) => move.quietMs),
    `  probes lost: ${moves.map((move) => move.lost).join(' ')}`,
  ];
}
