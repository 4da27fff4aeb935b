/**
 * The host agent: one per hypervisor host. It reports NIC load and VM profiles, migrates VMs at the rate it is told,
 * and shapes its NIC. What it says to the controller and hears from it is in `@sluice/agents/contract`.
 */
export { AgentFailure, type RunningAgent, startAgent } from './agent.ts';
export {
  type AgentConfig,
  type AgentConfigInput,
  agentConfigSchema,
  ConfigError,
  type DirtyProfile,
  dirtyProfileSchema,
  PAGE_BYTES,
  parseAgentConfig,
  type VmConfig,
  vmConfigSchema,
} from './config.ts';
export { destroyVms } from './emulated/destroy-vms.ts';
export { ROUND_DECISION_TIMEOUT_MS } from './emulated/sender.ts';
export {
  type DriverCapability,
  DriverFailure,
  type HypervisorDriver,
  type HypervisorEvent,
} from './hypervisor.ts';
export { LibvirtDriver, type LibvirtDriverOptions } from './libvirt/driver.ts';
export { NicFailure } from './nic/shaping.ts';
export { QemuDriver, type QemuDriverOptions } from './qemu/driver.ts';
export { type QemuFeature, type QemuFeatures, queryFeatures } from './qemu/features.ts';
export { type GuestRecord, guestRecordSchema } from './qemu/guest-record.ts';
export { type QmpAddress, QmpClient, QmpError, type QmpEvent } from './qemu/qmp/index.ts';
