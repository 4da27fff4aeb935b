import { bitsPerSec } from '@sluice/units';
import { describe, expect, it } from 'vitest';
import { type ChangeProblem, type Move, type Placement, planChange } from './change-plan.ts';
import { randomChange } from './testing/random-changes.ts';
import { sequence } from './testing/random-problems.ts';

const placed = (links: readonly number[], rate: number): Placement => ({
  uses: links.map((link) => ({ link, share: 1 })),
  rate: bitsPerSec(rate),
});
const capacitiesOf = (...capacities: readonly number[]) => capacities.map(bitsPerSec);

type Standing = ReadonlyMap<string, Placement | null>;

const startOf = ({ moves }: ChangeProblem): Standing => new Map(moves.map(({ id, from }) => [id, from]));

function loads(links: number, standing: Standing): readonly number[] {
  const sums = Array.from({ length: links }, () => 0);
  for (const placement of standing.values())
    for (const { link, share } of placement?.uses ?? [])
      sums[link] = (sums[link] ?? 0) + share * (placement?.rate ?? 0);
  return sums;
}

/** Two moves that want each other's full link. */
const swap = (changes: Partial<Move>, scratch?: number): ChangeProblem => ({
  capacities: capacitiesOf(10, 10),
  ...(scratch === undefined ? {} : { scratch: capacitiesOf(scratch, scratch) }),
  moves: [
    { id: 'a', from: placed([0], 8), to: placed([1], 8), ...changes },
    { id: 'b', from: placed([1], 8), to: placed([0], 8), ...changes },
  ],
});

describe('a plan of change', () => {
  it('has no step when nothing changes', () => {
    const problem: ChangeProblem = {
      capacities: capacitiesOf(10),
      moves: [{ id: 'a', from: placed([0], 10), to: placed([0], 10) }],
    };
    expect(planChange(problem)).toEqual({ ok: true, steps: [], scratchUsed: [], lowered: [] });
  });

  it('lowers before it raises', () => {
    const problem: ChangeProblem = {
      capacities: capacitiesOf(10),
      moves: [
        { id: 'up', from: placed([0], 2), to: placed([0], 7) },
        { id: 'down', from: placed([0], 8), to: placed([0], 3) },
      ],
    };
    expect(planChange(problem)).toEqual({
      ok: true,
      steps: [
        [{ id: 'down', kind: 'lower', before: placed([0], 8), after: placed([0], 3) }],
        [{ id: 'up', kind: 'raise', before: placed([0], 2), after: placed([0], 7) }],
      ],
      scratchUsed: [],
      lowered: [],
    });
  });

  it('does all at once where there is room', () => {
    const problem: ChangeProblem = {
      capacities: capacitiesOf(10, 10),
      moves: [
        { id: 'up', from: placed([0], 2), to: placed([0], 4) },
        { id: 'down', from: placed([0], 5), to: placed([0], 3) },
        { id: 'new', from: null, to: placed([1], 1) },
        { id: 'gone', from: placed([1], 4), to: null },
        { id: 'way', from: placed([0], 1), to: placed([1], 2) },
      ],
    };
    const plan = planChange(problem);
    expect(plan).toMatchObject({ ok: true, scratchUsed: [], lowered: [] });
    expect(plan.ok && plan.steps.map((step) => step.map(({ id, kind }) => `${kind} ${id}`))).toEqual([
      ['lower down', 'remove gone', 'reroute way', 'add new', 'raise up'],
    ]);
  });

  it('lets the way be cleared first', () => {
    const problem: ChangeProblem = {
      capacities: capacitiesOf(10, 10, 10),
      moves: [
        { id: 'a', from: placed([0], 8), to: placed([1], 8) },
        { id: 'b', from: placed([1], 8), to: placed([2], 8) },
      ],
    };
    const plan = planChange(problem);
    expect(plan.ok && plan.steps.map((step) => step.map(({ id, kind }) => `${kind} ${id}`))).toEqual([
      ['reroute b'],
      ['reroute a'],
    ]);
  });

  it('raises only when no reroute still needs the room', () => {
    const problem: ChangeProblem = {
      capacities: capacitiesOf(10, 10),
      moves: [
        { id: 'grows', from: placed([1], 1), to: placed([1], 5) },
        { id: 'a', from: placed([0], 5), to: placed([1], 5) },
        { id: 'b', from: placed([1], 8), to: placed([0], 4) },
      ],
    };
    const plan = planChange(problem);
    expect(plan.ok && plan.steps.map((step) => step.map(({ id, kind }) => `${kind} ${id}`))).toEqual([
      ['reroute b'],
      ['reroute a', 'raise grows'],
    ]);
  });

  it('uses scratch capacity before it lowers anybody', () => {
    expect(planChange(swap({ rateLeast: bitsPerSec(1) }, 6))).toEqual({
      ok: true,
      steps: [
        [
          { id: 'a', kind: 'reroute', before: placed([0], 8), after: placed([1], 8) },
          { id: 'b', kind: 'reroute', before: placed([1], 8), after: placed([0], 8) },
        ],
      ],
      scratchUsed: [
        { link: 0, rate: 6 },
        { link: 1, rate: 6 },
      ],
      lowered: [],
    });
  });

  it('leaves scratch capacity alone where it spares no step', () => {
    const problem: ChangeProblem = {
      capacities: capacitiesOf(10, 10, 10),
      scratch: capacitiesOf(5, 5, 5),
      moves: [
        { id: 'a', from: placed([0], 6), to: placed([1], 6) },
        { id: 'b', from: placed([1], 6), to: placed([0], 6) },
        { id: 'c', from: placed([2], 10), to: placed([2], 4) },
        { id: 'd', from: null, to: placed([2], 6) },
      ],
    };
    const plan = planChange(problem);
    expect(plan).toMatchObject({ ok: true, lowered: [] });
    expect(plan.ok && [plan.steps.length, plan.scratchUsed]).toEqual([2, [{ link: 1, rate: 2 }]]);
  });

  it('lowers for a while, and by as little as it can, who would else wait for each other', () => {
    expect(planChange(swap({ rateLeast: bitsPerSec(1) }))).toEqual({
      ok: true,
      steps: [
        [
          { id: 'a', kind: 'lower', before: placed([0], 8), after: placed([0], 5) },
          { id: 'b', kind: 'lower', before: placed([1], 8), after: placed([1], 5) },
        ],
        [
          { id: 'a', kind: 'reroute', before: placed([0], 5), after: placed([1], 5) },
          { id: 'b', kind: 'reroute', before: placed([1], 5), after: placed([0], 5) },
        ],
        [
          { id: 'a', kind: 'raise', before: placed([1], 5), after: placed([1], 8) },
          { id: 'b', kind: 'raise', before: placed([0], 5), after: placed([0], 8) },
        ],
      ],
      scratchUsed: [],
      lowered: ['a', 'b'],
    });
  });

  it('is impossible, with the links and the moves, when nobody may give way', () => {
    expect(planChange(swap({}))).toEqual({
      ok: false,
      kind: 'impossible',
      links: [0, 1],
      moves: ['a', 'b'],
      isProven: true,
    });
    expect(planChange(swap({ rateLeast: bitsPerSec(6) }))).toMatchObject({ ok: false, isProven: true });
  });

  it('is impossible when the target does not fit', () => {
    const problem: ChangeProblem = {
      capacities: capacitiesOf(10, 10),
      scratch: capacitiesOf(10, 10),
      moves: [
        { id: 'a', from: placed([0], 2), to: placed([1], 11) },
        { id: 'b', from: placed([0], 2), to: placed([0], 3) },
      ],
    };
    expect(planChange(problem)).toEqual({
      ok: false,
      kind: 'impossible',
      links: [1],
      moves: ['a'],
      isProven: true,
    });
  });

  it('never adds to a link that is over its capacity already', () => {
    const problem: ChangeProblem = {
      capacities: capacitiesOf(6, 10),
      moves: [
        { id: 'a', from: placed([0], 5), to: placed([0], 6) },
        { id: 'b', from: placed([0], 5), to: placed([1], 5) },
      ],
    };
    const plan = planChange(problem);
    expect(plan.ok && plan.steps.map((step) => step.map(({ id, kind }) => `${kind} ${id}`))).toEqual([
      ['reroute b'],
      ['raise a'],
    ]);
  });
});

const isReroute = ({ from, to }: Move) =>
  from !== null && to !== null && JSON.stringify(from.uses) !== JSON.stringify(to.uses);

describe('random changes', () => {
  const problems = Array.from({ length: 1500 }, (_, i) => ({ seed: i + 1, problem: randomChange(i + 1) }));
  const solved = problems.flatMap(({ seed, problem }) => {
    const plan = planChange(problem);
    return plan.ok ? [{ seed, problem, plan }] : [];
  });

  it('come in all kinds: simple, with scratch, with lowering, impossible', () => {
    expect(solved.length).toBeGreaterThan(300);
    expect(problems.length - solved.length).toBeGreaterThan(100);
    expect(solved.filter(({ plan }) => plan.lowered.length > 0).length).toBeGreaterThan(50);
    expect(solved.filter(({ plan }) => plan.scratchUsed.length > 0).length).toBeGreaterThan(50);
    expect(solved.filter(({ plan }) => plan.steps.length > 2).length).toBeGreaterThan(50);
  });

  it('over-promise no link in any order of the changes, and end at the target', () => {
    for (const { seed, problem, plan } of solved) {
      const next = sequence(seed);
      const spare = new Map(plan.scratchUsed.map(({ link, rate }) => [link, rate as number]));
      const start = loads(problem.capacities.length, startOf(problem));
      const limits = problem.capacities.map(
        (capacity, link) => Math.max(capacity, start[link] ?? 0) + (spare.get(link) ?? 0),
      );
      const standing = new Map(startOf(problem));
      for (const step of plan.steps) {
        const shuffled = step.map((change) => ({ change, at: next() })).sort((a, b) => a.at - b.at);
        for (const { change } of shuffled) {
          expect(standing.get(change.id)).toEqual(change.before);
          standing.set(change.id, change.after);
          for (const [link, load] of loads(problem.capacities.length, standing).entries())
            if (load > (limits[link] as number) * (1 + 1e-9))
              throw new Error(`seed ${seed}: link ${link} holds ${load} of ${limits[link]}`);
        }
      }
      for (const { id, to } of problem.moves) {
        expect(standing.get(id)?.rate).toBe(to?.rate);
        expect(new Set(standing.get(id)?.uses)).toEqual(new Set(to?.uses));
      }
    }
  });

  it('hold the larger of before and after on every link in every step', () => {
    for (const { seed, problem, plan } of solved) {
      const spare = new Map(plan.scratchUsed.map(({ link, rate }) => [link, rate as number]));
      const start = loads(problem.capacities.length, startOf(problem));
      const standing = new Map(startOf(problem));
      for (const step of plan.steps) {
        const after = new Map(standing);
        for (const change of step) after.set(change.id, change.after);
        for (const [link, capacity] of problem.capacities.entries()) {
          let most = 0;
          for (const { id } of problem.moves) {
            const on = (placement: Placement | null | undefined) =>
              (placement?.uses.find((use) => use.link === link)?.share ?? 0) * (placement?.rate ?? 0);
            most += Math.max(on(standing.get(id)), on(after.get(id)));
          }
          const limit = Math.max(capacity, start[link] ?? 0) + (spare.get(link) ?? 0);
          if (most > limit * (1 + 1e-9))
            throw new Error(`seed ${seed}: link ${link} may hold ${most} of ${limit}`);
        }
        for (const change of step) standing.set(change.id, change.after);
      }
    }
  });

  it('lower nobody below what it allows, and keep to scratch and to the number of steps', () => {
    for (const { problem, plan } of solved) {
      const reroutes = problem.moves.filter(isReroute).length;
      expect(plan.steps.length).toBeLessThanOrEqual(reroutes + 2);
      for (const { link, rate } of plan.scratchUsed)
        expect(rate).toBeLessThanOrEqual((problem.scratch?.[link] ?? 0) * (1 + 1e-9));
      for (const { id, after } of plan.steps.flat()) {
        const move = problem.moves.find((one) => one.id === id);
        const least = Math.min(move?.from?.rate ?? 0, move?.to?.rate ?? 0);
        if (plan.lowered.includes(id)) expect(after?.rate).toBeGreaterThanOrEqual(move?.rateLeast ?? least);
        else expect(after?.rate ?? 0).toBeGreaterThanOrEqual(least * (1 - 1e-9));
      }
    }
  });

  it('are impossible only where no order of reroutes fits, at the lowest rates and with all scratch', () => {
    for (const { seed, problem } of problems) {
      const plan = planChange(problem);
      const reroutes = problem.moves.filter(isReroute);
      if (plan.ok || reroutes.length > 5) continue;
      expect({ seed, isProven: plan.isProven }).toEqual({ seed, isProven: true });
      expect({ seed, isThrough: someOrderFits(problem, reroutes) }).toEqual({ seed, isThrough: false });
    }
  });
});

function someOrderFits(problem: ChangeProblem, reroutes: readonly Move[]): boolean {
  const start = loads(problem.capacities.length, startOf(problem));
  const limits = problem.capacities.map(
    (capacity, link) => Math.max(capacity, start[link] ?? 0) + (problem.scratch?.[link] ?? 0),
  );
  const lowest = (move: Move, placement: Placement | null): Placement | null => {
    const between = Math.min(move.from?.rate ?? 0, move.to?.rate ?? 0);
    return placement && { ...placement, rate: bitsPerSec(Math.min(move.rateLeast ?? between, between)) };
  };
  const go = (standing: Standing, waiting: readonly Move[]): boolean =>
    waiting.length === 0 ||
    waiting.some((move) => {
      const both = new Map(standing).set(`${move.id} over`, lowest(move, move.to));
      const shared = new Map(both);
      const own = lowest(move, move.from);
      // On links of both paths it counts once, at the larger.
      shared.set(
        move.id,
        own && {
          ...own,
          uses: own.uses.map((use) => ({
            ...use,
            share: Math.max(0, use.share - (move.to?.uses.find(({ link }) => link === use.link)?.share ?? 0)),
          })),
        },
      );
      const fits = loads(limits.length, shared).every(
        (load, link) => load <= (limits[link] as number) * (1 - 1e-9),
      );
      return (
        fits &&
        go(
          new Map(standing).set(move.id, lowest(move, move.to)),
          waiting.filter((one) => one !== move),
        )
      );
    });
  return go(new Map(problem.moves.map((move) => [move.id, lowest(move, move.from)])), reroutes);
}
