/** Stories: what is built, what runs on it, what is migrated. Pure but for reading the file. */
export { checkStory } from './checks.ts';
export { formatProblem, loadStory, parseStory, StoryError, type StoryProblem } from './load.ts';
export type { Story, StoryFlow, StoryInput, StoryMigration, StoryPhase, StoryVm } from './schema.ts';
export { storySchema } from './schema.ts';
