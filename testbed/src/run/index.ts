/** Running stories, on real parts or in virtual time, with one form of result. */
export { describe, type ProgressLine } from './progress.ts';
export {
  type FlowResult,
  type MigrationResult,
  type RoundResult,
  RUN_NAMES,
  type RunName,
  type RunResult,
  type StoryResult,
  storyResultSchema,
} from './result.ts';
export { type RunStoryOptions, runStory } from './run-story.ts';
export { scenarioOutput, simulationText } from './scenario-output.ts';
export { simulateRun } from './simulated-run.ts';
export { simulationDocument } from './simulation-document.ts';
export { loadSimulation, type SimulationFile } from './simulation-file.ts';
export { runSimulation, type SimulatedRun, type SimulationRunOptions } from './simulation-run.ts';
