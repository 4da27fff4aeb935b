/**
 * The switchover of VMs that have no processor to wake. Were the prober's silence longer than the VM's stop, it would be
 * by the network alone, with nothing to divide.
 */
import { twoSites } from '../e2e/stages.ts';
import { poll } from '../src/lab/poll.ts';
import { openStage, type Stage } from '../src/stage/index.ts';
import { longestGap } from '../src/traffic/aggregate.ts';
import { monotonicMs, type Prober } from '../src/traffic/index.ts';
import { quantile } from './quantile.ts';

/** There and back. */
const MOVES = 10;
const MOVE_TIMEOUT_MS = 60_000;
const ANSWERS_TIMEOUT_MS = 10_000;
/** Answers before a move and after it. */
const AROUND_MS = 500;

export async function run(): Promise<{ name: string; lines: string[] }> {
  const story = twoSites({
    name: 'hitless-emulated',
    trunkFloorMegabits: 10,
    vms: [{ name: 'web', memoryMebibytes: 8, phases: [[3600, 0.2, 2]] }],
  });
  if (!story.prober) throw new RangeError('the story has no prober');
  const stage = await openStage(story, { run: 'managed' });
  try {
    const prober = await stage.startProber({ ...story.prober, periodSec: 0.001 });
    const moves: Cost[] = [];
    for (let turn = 0; turn < MOVES; turn += 1)
      moves.push(await move(stage, prober, `m${turn}`, turn % 2 === 0 ? 'h2' : 'h1'));
    const row = (name: string, pick: (cost: Cost) => number) => {
      const [least, half, most] = [0, 0.5, 1].map((share) => quantile(moves.map(pick), share).toFixed(1));
      return `${name.padEnd(44)} median ${half} ms (${least} to ${most})`;
    };
    return {
      name: `switchover of an emulated VM of 8 MiB, ${MOVES} moves`,
      lines: [
        row('silence that the prober saw', ({ silenceMs }) => silenceMs),
        row('stopped, until its source knows that it runs', ({ stoppedMs }) => stoppedMs),
        row('silence less stop', ({ silenceMs, stoppedMs }) => silenceMs - stoppedMs),
      ],
    };
  } finally {
    await stage.close();
  }
}

interface Cost {
  readonly silenceMs: number;
  /** By the source's clock, until the destination's word that the VM runs there has come back: some milliseconds more. */
  readonly stoppedMs: number;
}

async function move(stage: Stage, prober: Prober, id: string, destination: string): Promise<Cost> {
  const answersUntil = (atMs: number) =>
    poll('answers of the VM', ANSWERS_TIMEOUT_MS, async () =>
      (prober.echoes.at(-1)?.receivedMs ?? 0) > atMs ? true : null,
    );
  const fromMs = monotonicMs();
  await answersUntil(fromMs + AROUND_MS);
  await stage.migrate({ id, vm: 'web', destination, downtimeLimitSec: 0.5 });
  const { phase, receipt } = await stage.untilEnded(id, MOVE_TIMEOUT_MS);
  const toMs = monotonicMs();
  await answersUntil(toMs + AROUND_MS);
  if (phase !== 'completed' || !receipt) throw new Error(`migration ${id} has ended as ${phase}`);
  const silenceMs = longestGap(prober.echoes, { fromMs, toMs })?.durationMs ?? Number.NaN;
  return { silenceMs, stoppedMs: (receipt.downtimeSec ?? Number.NaN) * 1000 };
}
