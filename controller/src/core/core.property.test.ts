/**
 * Promises of the core over random networks and random streams of inputs. `World` checks the two accounts of the
 * ledger after every input; at the end everything is brought to its end and nothing may be held any more. fast-check
 * prints the seed of a counterexample.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_CORE_CONFIG,
  type Effect,
  initialState,
  isActive,
  reservations,
  residualOf,
  step,
} from './index.ts';
import { act, drain, network, plan, play, vms } from './testing/random-world.ts';
import { World } from './testing/world.ts';

/** Of a busy machine. */
const TIME_LIMIT_MS = 180_000;

describe('the ledger', () => {
  it(
    'never promises more than a link has, and is empty when everything has ended',
    () => {
      const acts = fc.array(act, { minLength: 20, maxLength: 90 });
      const seen = { lowered: 0, started: 0, rounds: 0, completed: 0, aborted: 0, failed: 0 };
      fc.assert(
        fc.property(plan, acts, (network_, list) => {
          const topology = network(network_);
          const world = World.started(vms(), topology);
          const before = [...topology.links.keys()].map((link) => residualOf(world.state, link));
          for (const [index, one] of list.entries()) play(world, one, index);
          drain(world);
          for (const input of world.inputs)
            if (input.kind === 'agent_reported' && input.report.kind === 'rate_cap_applied')
              seen.lowered += 1;
          for (const migration of world.state.migrations.values()) {
            if (migration.startedAt !== null) seen.started += 1;
            seen.rounds += migration.rounds.length;
            if (migration.outcome !== null) seen[migration.outcome] += 1;
            expect(isActive(migration)).toBe(false);
          }
          expect(reservations(world.state)).toEqual([]);
          expect([...topology.links.keys()].map((link) => residualOf(world.state, link))).toEqual(before);
        }),
        { numRuns: 1400 },
      );
      // A property that never gets anywhere proves nothing.
      for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(20);
    },
    TIME_LIMIT_MS,
  );
});

describe('the core', () => {
  it(
    'decides the same again when the same happens again',
    () => {
      fc.assert(
        fc.property(plan, fc.array(act, { minLength: 30, maxLength: 80 }), (network_, list) => {
          const topology = network(network_);
          const world = World.started(vms(), topology);
          const effects: (readonly Effect[])[] = [];
          for (const [index, one] of list.entries()) play(world, one, index);
          let state = initialState(topology, DEFAULT_CORE_CONFIG);
          for (const input of world.inputs) {
            const stepped = step(state, input);
            state = stepped.state;
            effects.push(stepped.effects);
          }
          expect(effects.at(-1)).toEqual(world.effects);
          expect(state).toEqual(world.state);
        }),
        { numRuns: 60 },
      );
    },
    TIME_LIMIT_MS,
  );

  it(
    'gives the same when a state is stepped a second time as when it was stepped first',
    () => {
      fc.assert(
        fc.property(plan, fc.array(act, { minLength: 30, maxLength: 60 }), (network_, list) => {
          const world = World.started(vms(), network(network_));
          for (const [index, one] of list.entries()) {
            const before = world.state;
            const from = world.inputs.length;
            play(world, one, index);
            // The first step has moved the solver on, so these have to build their own.
            let again = before;
            for (const input of world.inputs.slice(from)) again = step(again, input).state;
            expect(again.allocation.targets.size).toBe(world.state.allocation.targets.size);
            for (const [id, target] of world.state.allocation.targets)
              expect(Math.abs((again.allocation.targets.get(id) ?? 0) - target)).toBeLessThan(
                1e-3 * target + 2,
              );
          }
        }),
        { numRuns: 60 },
      );
    },
    TIME_LIMIT_MS,
  );
});
