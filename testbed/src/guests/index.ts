/** The door of real guests: their image, their machines, their control. */
export { defaultCacheFolder } from './cache-folder.ts';
export {
  type GuestControl,
  type GuestStatus,
  type GuestVerdict,
  guestControl,
  isUnharmed,
} from './control.ts';
export { GuestFailure, type GuestFailureDetail } from './guest-failure.ts';
export { type GuestFiles, guestFiles } from './guest-files.ts';
export { findRecord, type GuestRecord, readRecords, removeRecord } from './guest-record.ts';
export {
  type GuestLoad,
  type GuestSpec,
  type GuestSpecInput,
  guestLoadSchema,
  guestSpecSchema,
  parseGuestSpec,
  ramOf,
  specProblems,
} from './guest-spec.ts';
export { buildGuestImage, type GuestImage, type ImageOptions } from './image.ts';
export {
  agentGuests,
  apiUrlFile,
  apiUrlOf,
  findAnswering,
  findLab,
  findLabGuests,
  guestsFolderOf,
  hostsOf,
  type LabGuest,
  type LiveLab,
  listLabGuests,
  liveLabs,
  startIncoming,
  startLabGuest,
  stopLabGuest,
  stopLabGuests,
} from './lab-guests.ts';
export { type GuestPlace, type LaunchOptions, launchGuest, stopGuest } from './launch.ts';
export {
  type DirectMigration,
  type GuestCompletion,
  type GuestRound,
  type MigratedGuest,
  migrateLabGuest,
} from './migrate.ts';
export { checkRam, guestRam, type RamAnswer } from './ram.ts';
export { type StoryGuests, startStoryGuests } from './story-guests.ts';
