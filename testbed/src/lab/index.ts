/** The door of the lab on real parts. */

export { type PortCounters, portCounters, type QueueCounters, queueCounters } from './counters.ts';
export { type Check, type DoctorOptions, runDoctor } from './doctor.ts';
export { type Lab, type LabOptions, openLab } from './lab.ts';
export { LabFailure, type LabFailureDetail } from './lab-failure.ts';
export type { LabProcess, ProcessEnd, SpawnOptions } from './lab-process.ts';
export type { LabHost, LabPort, Network } from './mininet-network.ts';
export type { HostSpec, LinkSpec, NetworkSpec, SwitchSpec } from './network-spec.ts';
export { checkSpec } from './network-spec.ts';
export type { PrivateRedis } from './private-redis.ts';
export type { PrivateSwitchd } from './private-switchd.ts';
export { type ProvisionMode, RESERVED_DSCP } from './provisioning.ts';
export { mustSkip, obstaclesToGuests, obstaclesToRealParts } from './real-parts.ts';
export { cleanStaleRuns, type StaleRun } from './stale-runs.ts';
export { type QosSnapshot, type SwitchSnapshot, snapshotSwitches } from './switch-snapshot.ts';
