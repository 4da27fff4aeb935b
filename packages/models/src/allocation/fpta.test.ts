import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Row, solveLinear } from '../testing/linear-program.ts';
import { type FlowDemand, type FlowLink, FPTA_EPSILON, fpta } from './fpta.ts';

/** Two ways of 400 between hosts on links of 1000. */
const diamond: readonly FlowLink[] = [
  { from: 'h1', to: 's1', capacity: 1000 },
  { from: 's1', to: 's2', capacity: 400 },
  { from: 's1', to: 's3', capacity: 400 },
  { from: 's2', to: 's4', capacity: 400 },
  { from: 's3', to: 's4', capacity: 400 },
  { from: 's4', to: 'h2', capacity: 1000 },
];
const demand = (id: string, source: string, destination: string, dirtyRate: number): FlowDemand => ({
  id,
  source,
  destination,
  dirtyRate,
});

/** The maximum multicommodity flow as a linear program over link flows. */
function maximumFlow(links: readonly FlowLink[], demands: readonly FlowDemand[]): number {
  const flow = (j: number, e: number) => `f${j}_${e}`;
  const nodes = [...new Set(links.flatMap((link) => [link.from, link.to]))];
  const rows: Row[] = links.map((link, e) => ({
    terms: Object.fromEntries(demands.map((_, j) => [flow(j, e), 1])),
    sense: '<=',
    right: link.capacity,
  }));
  const objective: Record<string, number> = {};
  for (const [j, { source, destination }] of demands.entries()) {
    for (const node of nodes) {
      const terms: Record<string, number> = {};
      for (const [e, link] of links.entries()) {
        if (link.from === node) terms[flow(j, e)] = 1;
        if (link.to === node) terms[flow(j, e)] = -1;
      }
      if (node === source) for (const [name, sign] of Object.entries(terms)) objective[name] = sign;
      else if (node !== destination && Object.keys(terms).length > 0)
        rows.push({ terms, sense: '=', right: 0 });
    }
  }
  return solveLinear({ goal: 'Maximize', objective, rows, bounds: {} }).value;
}

describe('fpta', () => {
  it('spreads one migration over both ways', () => {
    const result = fpta(diamond, [demand('web', 'h1', 'h2', 100)], FPTA_EPSILON);
    expect(result.flows[0]?.paths).toHaveLength(2);
    expect(result.totalRate).toBeGreaterThanOrEqual((1 - 2 * FPTA_EPSILON) * 800);
    expect(result.totalRate).toBeLessThanOrEqual(800);
    expect(result.upperBound).toBeGreaterThanOrEqual(800);
    expect(result.netRate).toBeCloseTo(result.totalRate - 100, 9);
  });

  it('starts only what gets more than it dirties', () => {
    const result = fpta(diamond, [demand('web', 'h1', 'h2', 900)], FPTA_EPSILON);
    expect(result).toMatchObject({ netRate: 0, flows: [{ starts: false }] });
  });

  it('gives nothing to whom no path leads', () => {
    expect(fpta(diamond, [demand('back', 'h2', 'h1', 0)], FPTA_EPSILON)).toMatchObject({
      totalRate: 0,
      upperBound: 0,
      flows: [{ rate: 0, paths: [], starts: false }],
    });
  });

  it('is never above a link, within 1 - 2 epsilon of the maximum flow, and its bound holds', () => {
    const nodes = ['a', 'b', 'c', 'd', 'e', 'f'];
    const link = fc
      .record({ from: fc.nat(5), to: fc.nat(5), capacity: fc.integer({ min: 1, max: 1000 }) })
      .filter(({ from, to }) => from !== to)
      .map(({ from, to, capacity }) => ({ from: nodes[from] ?? 'a', to: nodes[to] ?? 'a', capacity }));
    const networks = fc.record({
      links: fc.uniqueArray(link, {
        minLength: 4,
        maxLength: 16,
        selector: ({ from, to }) => `${from}${to}`,
      }),
      ends: fc.array(fc.tuple(fc.nat(5), fc.nat(5)), { minLength: 1, maxLength: 3 }),
    });
    fc.assert(
      fc.property(networks, ({ links, ends }) => {
        const demands = ends
          .filter(([from, to]) => from !== to)
          .map(([from, to], j) => demand(`m${j}`, nodes[from] ?? 'a', nodes[to] ?? 'a', 0))
          .filter(({ source }) => links.some(({ from }) => from === source));
        if (demands.length === 0) return;
        const result = fpta(links, demands, 0.1);
        for (const { from, to, capacity } of links) {
          const used = result.flows
            .flatMap((flow) => flow.paths)
            .filter((path) => path.nodes.some((node, i) => node === from && path.nodes[i + 1] === to))
            .reduce((sum, path) => sum + path.rate, 0);
          expect(used).toBeLessThanOrEqual(capacity * (1 + 1e-9));
        }
        const best = maximumFlow(links, demands);
        expect(result.totalRate).toBeGreaterThanOrEqual((1 - 0.2) * best - 1e-6);
        expect(result.totalRate).toBeLessThanOrEqual(best * (1 + 1e-6));
        expect(result.upperBound).toBeGreaterThanOrEqual(best * (1 - 1e-6));
      }),
      { numRuns: 60 },
    );
  });
});
