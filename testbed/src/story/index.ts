/** Stories: what is built, what runs on it, what is migrated. Pure but for reading files. */
export { checkStory } from './checks.ts';
export { formatProblem, loadStory, parseStory, StoryError, type StoryProblem, tracesBeside } from './load.ts';
export { tooMuchForRealParts } from './real-limits.ts';
export type { Story, StoryFlow, StoryInput, StoryMigration, StoryPhase, StoryVm } from './schema.ts';
export { storySchema } from './schema.ts';
export { type ReadTrace, traceOf } from './trace-reference.ts';
