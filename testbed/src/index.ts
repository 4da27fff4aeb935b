/** Simulator, stories, the lab on real parts and its guests. */
export * from './guests/index.ts';
export {
  type Check,
  cleanStaleRuns,
  type DoctorOptions,
  LabFailure,
  obstaclesToGuests,
  obstaclesToRealParts,
  runDoctor,
  type StaleRun,
} from './lab/index.ts';
export { PLAIN, type ReportOptions, renderReport, type Style } from './report/index.ts';
export * from './run/index.ts';
export * from './simulator/index.ts';
export * from './stage/index.ts';
export * from './story/index.ts';
