/**
 * How long joint allocation takes on fat-trees: from nothing, and after one migration has news; and what HiGHS takes for
 * the same answer where it can. The best of several turns counts: other work on the machine only makes a turn slower.
 * It measures the package as it is built.
 */

import { type CostedDemand, JointAllocation, type JointSolution } from '@sluice/models';
import { loadHighs } from '@sluice/models/highs';
import { byTangents } from './joint-highs.ts';
import { fatTreeBench } from './joint-network.ts';
import { otherLines, smallLines } from './joint-others.ts';

const SEED = 1;
const TURNS = 5;
const CHANGES = 100;
const GAP_LIMIT = 1e-6;

export async function run(): Promise<{ name: string; lines: string[] }> {
  const highs = await loadHighs();
  return {
    name: 'joint',
    lines: [
      ...againstHighs(highs, { k: 4, migrations: 100 }),
      ...againstHighs(highs, { k: 8, migrations: 300 }),
      ...smallLines(),
      ...onFatTree({ k: 16, migrations: 10_000, coldLimitMs: 150, changeLimitMs: 3 }),
      ...onFatTree({ k: 32, migrations: 100_000, coldLimitMs: 3000, changeLimitMs: null }),
      ...otherLines({ k: 16, migrations: 10_000 }),
    ],
  };
}

function onFatTree(of: {
  readonly k: number;
  readonly migrations: number;
  readonly coldLimitMs: number;
  readonly changeLimitMs: number | null;
}): string[] {
  const bench = fatTreeBench({ k: of.k, migrations: of.migrations, seed: SEED });
  const changes = Array.from({ length: CHANGES }, (_, index) => ({
    id: (index * 7919) % of.migrations,
    demand: bench.draw(),
  }));
  const turns = Array.from({ length: of.migrations > 20_000 ? 2 : TURNS }, () =>
    turn(bench.problem, changes),
  );
  const first = turns[0] as Turn;
  const cold = Math.min(...turns.map(({ coldMs }) => coldMs));
  const coldProcessor = Math.min(...turns.map(({ coldProcessorMs }) => coldProcessorMs));
  const changeProcessor = Math.min(...turns.map(({ changeProcessorMs }) => changeProcessorMs));
  const load = Math.min(...turns.map(({ loadMs }) => loadMs));
  const perChange = changes
    .map((_, index) => Math.min(...turns.map(({ changeMs }) => changeMs[index] as number)))
    .sort((a, b) => a - b);
  const quantile = (q: number) => (perChange[Math.floor(q * (perChange.length - 1))] as number).toFixed(2);
  const worst = Math.max(...first.afterChange.map(({ gap }) => gap));
  const steps = first.afterChange.map((solution) => solution.steps);
  const name = `${of.migrations.toLocaleString('en')} migrations, fat-tree k=${of.k} (${bench.problem.capacities.length.toLocaleString('en')} links)`;
  const { cold: solved } = first;
  return [
    `${name}: cold ${cold.toFixed(0)} ms (limit ${of.coldLimitMs} ms: ${verdict(cold, of.coldLimitMs)}; ${coldProcessor.toFixed(0)} ms of processor), gap ${solved.gap.toExponential(1)} (limit 1e-6: ${verdict(solved.gap, GAP_LIMIT)})`,
    `  ${solved.steps} steps, ${Math.round(solved.work).toLocaleString('en')} units of work, ${solved.contendedLinks.toLocaleString('en')} contended links; reading the demands in ${load.toFixed(0)} ms`,
    `  after one migration changed, of ${CHANGES}: median ${quantile(0.5)} ms${of.changeLimitMs === null ? '' : ` (limit ${of.changeLimitMs} ms: ${verdict(Number(quantile(0.5)), of.changeLimitMs)})`}, 90 % ${quantile(0.9)} ms, 99 % ${quantile(0.99)} ms, worst ${quantile(1)} ms, mean of processor ${changeProcessor.toFixed(2)} ms; ${Math.min(...steps)} to ${Math.max(...steps)} steps, gap at most ${worst.toExponential(1)}`,
    `  memory of the process: ${(first.rssBytes / 2 ** 20).toFixed(0)} MiB`,
  ];
}

interface Turn {
  readonly loadMs: number;
  readonly coldMs: number;
  readonly coldProcessorMs: number;
  readonly cold: JointSolution;
  readonly changeMs: readonly number[];
  /** Mean. */
  readonly changeProcessorMs: number;
  readonly afterChange: readonly JointSolution[];
  readonly rssBytes: number;
}

function turn(
  problem: ReturnType<typeof fatTreeBench>['problem'],
  changes: readonly { readonly id: number; readonly demand: CostedDemand }[],
): Turn {
  const allocation = new JointAllocation<number>(problem.capacities);
  const [loadMs] = timed(() => {
    for (const [id, demand] of problem.demands.entries()) allocation.put(id, demand);
  });
  const beforeCold = processorMs();
  const [coldMs, cold] = timed(() => allocation.solve());
  const coldProcessorMs = processorMs() - beforeCold;
  const beforeChanges = processorMs();
  const changeMs: number[] = [];
  const afterChange: JointSolution[] = [];
  for (const { id, demand } of changes) {
    const [ms, solution] = timed(() => {
      allocation.put(id, demand);
      return allocation.solve();
    });
    changeMs.push(ms);
    afterChange.push(solution);
  }
  const changeProcessorMs = (processorMs() - beforeChanges) / changes.length;
  const rssBytes = process.memoryUsage().rss;
  return { loadMs, coldMs, coldProcessorMs, cold, changeMs, changeProcessorMs, afterChange, rssBytes };
}

/** Both answers, and that they are the same. */
function againstHighs(
  highs: Awaited<ReturnType<typeof loadHighs>>,
  shape: { readonly k: number; readonly migrations: number },
): string[] {
  const { problem } = fatTreeBench({ ...shape, seed: SEED });
  const [oursMs, ours] = bestOf(TURNS, () => {
    const allocation = new JointAllocation<number>(problem.capacities);
    for (const [id, demand] of problem.demands.entries()) allocation.put(id, demand);
    return allocation.solve();
  });
  const [highsMs, theirs] = timed(() => byTangents(highs, problem, GAP_LIMIT));
  const differs = Math.abs(ours.primal - theirs.cost) / theirs.cost;
  return [
    `${shape.migrations.toLocaleString('en')} migrations, fat-tree k=${shape.k}: ${oursMs.toFixed(1)} ms, cost ${ours.primal.toPrecision(9)}, gap ${ours.gap.toExponential(1)}`,
    `  HiGHS, ${theirs.programs} linear programs of tangents: ${highsMs.toFixed(0)} ms, ${(highsMs / oursMs).toFixed(0)} times as long, cost ${theirs.cost.toPrecision(9)}, gap ${theirs.gap.toExponential(1)}; the costs differ by ${differs.toExponential(1)}`,
  ];
}

function timed<T>(work: () => T): [number, T] {
  const began = performance.now();
  const result = work();
  return [performance.now() - began, result];
}

/** Of all threads of the process: what a busy machine takes away is not in it. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function bestOf<T>(turns: number, work: () => T): [number, T] {
  let [best, result] = timed(work);
  for (let turn = 1; turn < turns; turn += 1) {
    const [ms, again] = timed(work);
    if (ms < best) [best, result] = [ms, again];
  }
  return [best, result];
}

const verdict = (measured: number, limit: number) => (measured <= limit ? 'met' : 'NOT met');
