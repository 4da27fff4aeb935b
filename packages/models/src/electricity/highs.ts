/**
 * The door `@sluice/models/highs`: the solver that `solveMilp` is given. It stands apart because it loads WebAssembly;
 * the models themselves only ever see a solver that is ready.
 */
import highs from 'highs';
import type { LinearSolver } from './milp.ts';

/** Rejects when the WebAssembly does not load. Solving blocks; every solve is on its own. */
export const loadHighs = (): Promise<LinearSolver> =>
  // The package's types describe its CommonJS form; what Node imports is the function itself.
  (highs as unknown as () => Promise<LinearSolver>)();
