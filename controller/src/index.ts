/** Door of the controller. The pure core has a door of its own, `@sluice/controller/core`. */
export type { RuntimeClock } from './clock.ts';
export { systemClock } from './clock.ts';
export type { Config, ConfigInput } from './config.ts';
export { configSchema, loadConfig, loadInventory, parseConfig } from './config.ts';
export type { ConfigProblem } from './config-error.ts';
export { ConfigError, formatProblem } from './config-error.ts';
export type { ControllerParts, RunningController } from './controller.ts';
export { startController } from './controller.ts';
export type { Explanation } from './core/index.ts';
export type { MigrationBody } from './northbound/migration-body.ts';
export { migrationBodySchema, migrationRequestOf } from './northbound/migration-body.ts';
export type { HttpAddress } from './northbound/server.ts';
export type {
  AgentChannel,
  FakeAgentChannel,
  FakeNetwork,
  Network,
  NetworkOptions,
  NetworkStatus,
  OpenflowNetwork,
} from './southbound/index.ts';
export {
  createFakeAgentChannel,
  createFakeNetwork,
  createNetwork,
  NetworkFailure,
} from './southbound/index.ts';
export type { EventRecord, MigrationRecord, ReceiptRecord, ReservationRecord, Store } from './store/index.ts';
export {
  createMemoryStore,
  createRedisStore,
  eventRecordSchema,
  migrationRecordSchema,
  StoreFailure,
} from './store/index.ts';
export { createLog } from './telemetry/log.ts';
