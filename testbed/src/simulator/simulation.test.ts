import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { heldOn, residualOf } from '@sluice/controller/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseStory, type Story } from '../story/index.ts';
import { simulate } from './index.ts';

const storyOf = (name: string): Story => {
  const file = fileURLToPath(new URL(`../../stories/${name}.yaml`, import.meta.url));
  return parseStory(readFileSync(file, 'utf8'), file);
};
const asText = (value: unknown): string =>
  JSON.stringify(value, (_, part) =>
    part instanceof Map ? [...part] : part instanceof Set ? [...part] : part,
  );

describe('simulation', () => {
  let edge: Story;
  beforeAll(() => {
    edge = storyOf('edge-nfv');
  });

  it('the same seed gives the same outcome to the byte, another seed another one', () => {
    const first = asText(simulate(edge, { seed: 7 }));
    expect(asText(simulate(edge, { seed: 7 }))).toBe(first);
    expect(asText(simulate(edge, { seed: 8 }))).not.toBe(first);
  });

  it('nothing is left in the network or the store, whatever the seed', () => {
    for (let seed = 1; seed <= 5; seed += 1)
      expect(simulate(storyOf('two-vms'), { seed }).left).toEqual({
        reservationsInNetwork: 0,
        reservationsStored: 0,
        migrationsActive: 0,
      });
  });

  it('no link ever promises more than it has left beside floor and headroom', () => {
    simulate(storyOf('two-vms'), {
      onStep: (state) => {
        for (const link of state.topology.links.keys()) {
          expect(residualOf(state, link)).toBeGreaterThanOrEqual(0);
          expect(heldOn(state, link)).toBeLessThanOrEqual(state.topology.links.get(link)?.capacity ?? 0);
        }
      },
    });
  });

  it('the VM runs at the destination after a completed migration', () => {
    const outcome = simulate(edge);
    expect(outcome.receipts.map((receipt) => receipt.outcome)).toEqual(['completed']);
    expect(outcome.places.get('web')).toEqual({ hostId: 'h3', state: 'running' });
  });

  it('the VM stays at its source when an agent dies at any time', () => {
    for (const [hostId, atSec] of [
      ['h1', 0.03],
      ['h1', 4],
      ['h3', 4],
      ['h1', 12.96],
    ] as const) {
      const outcome = simulate(edge, { faults: [{ kind: 'agent_dies', hostId, atSec }] });
      expect(outcome.receipts[0]?.outcome).not.toBe('completed');
      expect(outcome.places.get('web')).toEqual({ hostId: 'h1', state: 'running' });
      expect(outcome.left).toEqual({ reservationsInNetwork: 0, reservationsStored: 0, migrationsActive: 0 });
    }
  });
});
