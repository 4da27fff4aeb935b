/**
 * What host agents and the controller say to each other, over Redis streams. Both sides parse at the door with
 * these schemas; nothing else crosses. Units are in the names because the values have left the type system.
 */
export type { AgentCommand, CommandEnvelope } from './commands.ts';
export { agentCommandSchema, commandEnvelopeSchema } from './commands.ts';
export { type Mechanism, mechanismSchema } from './mechanism.ts';
export type { AgentReport, ReportEnvelope, RoundFinished, VmProfile } from './reports.ts';
export { agentReportSchema, reportEnvelopeSchema, vmProfileSchema } from './reports.ts';
export {
  CONTROLLER_SIGN_MS,
  CONTROLLER_SIGN_PERIOD_MS,
  HEARTBEAT_PERIOD_MS,
  REPORTS_MAXLEN,
  streamNames,
} from './streams.ts';
