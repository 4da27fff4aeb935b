/** The whole loop in virtual time: same core, no root, no servers. */
export { simulate } from './simulation.ts';
export type { Fault, Silence, SimulationOptions, SimulationOutcome, TimedEvent } from './types.ts';
