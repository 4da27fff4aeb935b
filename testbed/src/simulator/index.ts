/** The whole loop in virtual time: same core, no root, no servers. */
export { ScenarioError } from './scenario-words.ts';
export { simulate, simulateInSlices } from './simulation.ts';
export type {
  Fault,
  Silence,
  SimulationOptions,
  SimulationOutcome,
  SimulationProgress,
  TimedEvent,
  TimedExplanation,
} from './types.ts';
