/**
 * How fast the models answer, each beside something that answers the same in the same run: what a decision for thousands
 * of migrations at every round can cost. Limits are the product's; ratios travel between machines, times do not.
 */
import { bitsPerSec, bytes, bytesPerSec, millis } from '@sluice/units';
import { precopy } from '../src/precopy.ts';
import { type MinimumEnergyProblem, minimumEnergy } from '../src/rate-policies/minimum-energy.ts';
import { primalDual } from '../src/rate-policies/primal-dual.ts';
import { flat } from '../src/rate-policies/rate-policy.ts';
import { fixedRounds } from '../src/stop-policies/threshold.ts';
import { groupLines } from './groups.ts';

const SOLVES = 200_000;
const PREDICTIONS = 300_000;
/** Best of several turns: other work on the machine only ever makes a turn slower. */
const TURNS = 5;

export async function run(): Promise<{ name: string; lines: string[] }> {
  return { name: 'models', lines: [...minimumEnergyLines(), ...precopyLines(), ...groupLines()] };
}

function minimumEnergyLines(): string[] {
  const problems = Array.from({ length: 500 }, (_, index) => problem(50 + index));
  const exact = microsPerCall(SOLVES, (index) => minimumEnergy(at(problems, index)));
  const halving = microsPerCall(SOLVES / 20, (index) => halved(at(problems, index)));
  const iterated = microsPerCall(SOLVES / 50, (index) => primalDual(at(problems, index)));
  const worst = problems.reduce((most, one) => {
    const result = minimumEnergy(one);
    return result.feasible ? Math.max(most, Math.abs(result.rate / 1e6 / halved(one) - 1)) : most;
  }, 0);
  return [
    `exact minimum-energy solve: ${exact.toFixed(2)} us (limit 5 us: ${verdict(exact, 5)})`,
    `  the same by halving intervals: ${halving.toFixed(2)} us, ${(halving / exact).toFixed(1)} times as long; rates differ by at most ${worst.toExponential(0)}`,
    `  by primal-dual iterations from a cold start: ${iterated.toFixed(2)} us, ${(iterated / exact).toFixed(1)} times as long`,
  ];
}

function precopyLines(): string[] {
  const rates = Array.from({ length: 64 }, (_, index) => bytesPerSec(5e6 + index * 1e5));
  const plans = rates.map((dirtyRate) => ({
    memory: bytes(1024 ** 3),
    dirtyRate,
    workingSet: bytes(1024 ** 3),
    free: bitsPerSec(900e6),
    ratePolicy: flat(bitsPerSec(900e6)),
    stopPolicy: fixedRounds(9),
    switchoverRate: bitsPerSec(900e6),
  }));
  const engine = microsPerCall(PREDICTIONS, (index) => precopy(at(plans, index)).totalTime);
  const bare = microsPerCall(PREDICTIONS, (index) => bareTotal(1024 ** 3, at(rates, index), 900e6, 11));
  const transfers = precopy(at(plans, 0)).rounds.length;
  return [
    `pre-copy prediction, ${transfers - 1} rounds and the stop-and-copy: ${engine.toFixed(2)} us (limit 2 us: ${verdict(engine, 2)})`,
    `  bound: the same sums alone, no policies and no records: ${bare.toFixed(3)} us, ratio ${(engine / bare).toFixed(1)}`,
  ];
}

const verdict = (measured: number, limit: number) => (measured <= limit ? 'met' : 'NOT met');

const problem = (dirtyMbitPerSec: number): MinimumEnergyProblem => ({
  memory: bytes(512 * 1024 * 1024),
  dirtyRate: bytesPerSec((dirtyMbitPerSec * 1e6) / 8),
  rounds: 3,
  totalTimeLimit: millis(13_500),
  stopAndCopyLimit: millis(600),
  speedup: 1.15,
  rateMax: bitsPerSec(900e6),
  rateMin: bitsPerSec(1e6),
  switchoverRate: null,
  energy: { k0: 1e-6, alpha: 2 },
});

/** What one would write first: each root by halving, 60 times. */
function halved(of: MinimumEnergyProblem): number {
  const memory = (of.memory * 8) / 1e6;
  const dirty = (of.dirtyRate * 8) / 1e6;
  const totalTime = (rate: number) => {
    let term = memory / rate;
    let total = 0;
    for (let i = 0; i <= of.rounds + 1; i += 1) {
      total += term;
      term *= dirty / rate;
    }
    return total;
  };
  const halve = (isLow: (rate: number) => boolean) => {
    let under = 1;
    let over = of.rateMax / 1e6;
    for (let i = 0; i < 60; i += 1) {
      const middle = (under + over) / 2;
      if (isLow(middle)) under = middle;
      else over = middle;
    }
    return over;
  };
  const seconds = (limit: number | null) => (limit ?? Number.POSITIVE_INFINITY) / 1000;
  const mmt = halve((rate) => totalTime(rate) > seconds(of.totalTimeLimit));
  const last = halve(
    (rate) => (memory / rate) * (dirty / rate) ** (of.rounds + 1) > seconds(of.stopAndCopyLimit),
  );
  const slope = (rate: number) => {
    let term = 1;
    let sum = 0;
    for (let i = 0; i <= of.rounds + 1; i += 1) {
      sum += (of.energy.alpha - 1 - i) * term;
      term *= dirty / rate;
    }
    return sum;
  };
  return Math.max(
    mmt,
    last,
    of.speedup * dirty,
    halve((rate) => slope(rate) < 0),
  );
}

function bareTotal(memory: number, dirtyRate: number, rate: number, transfers: number): number {
  let volume = memory;
  let total = 0;
  for (let i = 0; i < transfers; i += 1) {
    const seconds = (volume * 8) / rate;
    total += seconds;
    volume = Math.min(dirtyRate * seconds, memory);
  }
  return total;
}

function microsPerCall(count: number, once: (index: number) => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  let answers = 0;
  for (let turn = 0; turn < TURNS; turn += 1) {
    const began = performance.now();
    for (let index = 0; index < count; index += 1) if (once(index) !== null) answers += 1;
    best = Math.min(best, ((performance.now() - began) * 1000) / count);
  }
  // Somebody has to look at the answers, else none need be computed.
  if (answers !== count * TURNS) throw new Error(`${count * TURNS - answers} calls had no answer`);
  return best;
}

const at = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;
