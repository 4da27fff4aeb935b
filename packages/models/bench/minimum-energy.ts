/** How many decisions of minimum-energy a second allows, against a search over a grid in the same run. */
import { bitsPerSec, bytes, bytesPerSec, millis } from '@sluice/units';
import { totalEnergy } from '../src/energy.ts';
import { precopy } from '../src/precopy.ts';
import { type MinimumEnergyProblem, minimumEnergy } from '../src/rate-policies/minimum-energy.ts';
import { flat } from '../src/rate-policies/rate-policy.ts';
import { fixedRounds } from '../src/stop-policies/threshold.ts';

const EXACT_DECISIONS = 20_000;
const GRID_DECISIONS = 20;
const GRID_STEPS = 1000;

export async function run(): Promise<{ name: string; lines: string[] }> {
  const problems = Array.from({ length: 500 }, (_, index) => problem(50 + index));
  measure(2000, (index) => minimumEnergy(at(problems, index)));
  const exact = measure(EXACT_DECISIONS, (index) => minimumEnergy(at(problems, index)));
  const grid = measure(GRID_DECISIONS, (index) => search(at(problems, index * 25)));
  let worst = 0;
  for (let index = 0; index < GRID_DECISIONS; index += 1) {
    const optimum = minimumEnergy(at(problems, index * 25));
    const found = search(at(problems, index * 25));
    if (optimum.feasible && found !== null) worst = Math.max(worst, found / optimum.energy - 1);
  }
  return {
    name: 'minimum-energy',
    lines: [
      `exact optimum: ${Math.round(exact)} decisions/s`,
      `grid of ${GRID_STEPS} rates: ${Math.round(grid)} decisions/s`,
      `speed-up: ${Math.round(exact / grid)}; the grid's energy is up to ${(worst * 100).toFixed(2)} % above the optimum`,
    ],
  };
}

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

/** Plays every rate of the grid through the engine and keeps the least energy that meets all limits. */
function search(of: MinimumEnergyProblem): number | null {
  let best: number | null = null;
  for (let step = 1; step <= GRID_STEPS; step += 1) {
    const rate = bitsPerSec((of.rateMax * step) / GRID_STEPS);
    if (rate < of.speedup * of.dirtyRate * 8) continue;
    const played = precopy({
      memory: of.memory,
      dirtyRate: of.dirtyRate,
      workingSet: of.memory,
      free: of.rateMax,
      ratePolicy: flat(rate),
      stopPolicy: fixedRounds(of.rounds),
      switchoverRate: rate,
    });
    const slow = of.totalTimeLimit !== null && played.totalTime > of.totalTimeLimit;
    const long = of.stopAndCopyLimit !== null && played.stopAndCopyTime > of.stopAndCopyLimit;
    if (slow || long) continue;
    const energy = totalEnergy(played.rounds, of.energy);
    best = best === null ? energy : Math.min(best, energy);
  }
  return best;
}

/** Calls per second. */
function measure(count: number, once: (index: number) => unknown): number {
  const began = performance.now();
  for (let index = 0; index < count; index += 1) once(index);
  return (count * 1000) / (performance.now() - began);
}

const at = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;
