/** Random changes for the tests of change plans, the same for the same seed. */
import { bitsPerSec } from '@sluice/units';
import type { ChangeProblem, Move, Placement } from '../change-plan.ts';
import type { LinkUse } from '../problem.ts';
import { waterFill } from '../water-filling.ts';
import { randomUses, sequence } from './random-problems.ts';

/** Random moves over full links; in three of four problems they trade places, so that they wait for each other. */
export const randomChange = (seed: number): ChangeProblem => (seed % 4 < 2 ? ring(seed) : manyWays(seed));

/** One large move on each of the equal links, all going on to the next; some small ones beside them. */
function ring(seed: number): ChangeProblem {
  const next = sequence(seed);
  const links = 2 + Math.floor(next() * 4);
  const capacities = Array.from({ length: links }, () => bitsPerSec(100));
  const willing = next();
  const large = capacities.map((capacity, link): Move => {
    const rate = bitsPerSec(capacity * (0.3 + 0.6 * next()));
    const uses = (at: number) => [{ link: at % links, share: 1 }];
    return {
      id: `large${link}`,
      from: { uses: uses(link), rate },
      to: { uses: uses(link + 1), rate },
      ...(next() < willing ? { rateLeast: bitsPerSec(rate * next()) } : {}),
    };
  });
  const small = capacities.map((capacity, link): Move => {
    const placement = { uses: [{ link, share: 1 }], rate: bitsPerSec(capacity * 0.1 * next()) };
    return { id: `small${link}`, from: placement, to: placement, rateLeast: bitsPerSec(placement.rate / 2) };
  });
  return {
    capacities,
    moves: [...large, ...small],
    ...(next() < 0.5 ? { scratch: capacities.map((capacity) => bitsPerSec(capacity * 0.5 * next())) } : {}),
  };
}

function manyWays(seed: number): ChangeProblem {
  const next = sequence(seed);
  const links = 2 + Math.floor(next() * 7);
  const capacities = Array.from({ length: links }, () => bitsPerSec(Math.round(10 + 990 * next())));
  const count = 2 + Math.floor(next() * 12);
  const filled = (ways: readonly (readonly LinkUse[] | null)[], fullness: number) => {
    const flows = ways.map((uses) => ({
      uses: uses ?? [],
      least: 0,
      most: uses === null ? 0 : 1e4,
      weight: 0.2 + next(),
    }));
    const { rates } = waterFill(capacities, flows);
    return ways.map((uses, k): Placement | null => {
      const rate = Math.floor((rates[k] as number) * fullness * 1e6) / 1e6;
      return uses === null || rate === 0 ? null : { uses, rate: bitsPerSec(rate) };
    });
  };
  const oneLink = () => [{ link: Math.floor(next() * links), share: 1 }];
  const someWays = () =>
    Array.from({ length: count }, () => {
      if (next() < 0.1) return null;
      return seed % 2 === 0 && next() < 0.7 ? oneLink() : randomUses(next, links);
    });
  const oldWays = someWays();
  const from = filled(oldWays, 0.8 + 0.2 * next());
  const newWays = someWays().map((way, k) => (next() < 0.4 ? (oldWays[k] ?? null) : way));
  const turn = 1 + Math.floor(next() * (count - 1));
  const to =
    seed % 2 === 0
      ? from.map((_, k) => from[(k + turn) % count] ?? null)
      : filled(newWays, 0.8 + 0.2 * next());
  const moves = from.map((old, k): Move => {
    const goal = to[k] ?? null;
    const lowest = Math.min(old?.rate ?? 0, goal?.rate ?? 0);
    return {
      id: `m${k}`,
      from: old,
      to: goal,
      ...(next() < 0.7 ? { rateLeast: bitsPerSec(lowest * next()) } : {}),
    };
  });
  return {
    capacities,
    moves,
    ...(next() < 0.5 ? { scratch: capacities.map((capacity) => bitsPerSec(capacity * 0.3 * next())) } : {}),
  };
}
