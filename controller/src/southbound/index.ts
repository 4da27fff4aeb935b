/** Door of the southbound: the data plane and the agents, real and fake. */
export * from './agents/index.ts';
export type { Clock } from './clock.ts';
export { systemClock } from './clock.ts';
export type { FakeNetwork, NetworkCall } from './fake-network.ts';
export { createFakeNetwork } from './fake-network.ts';
export type { AgentChannel, Counters, Move, Network, NetworkStatus, Place } from './interfaces.ts';
export { NetworkFailure } from './interfaces.ts';
export type { NetworkLimits } from './limits.ts';
export { DEFAULT_LIMITS } from './limits.ts';
export type { NetworkOptions, OpenflowNetwork } from './network.ts';
export { createNetwork } from './network.ts';
export type { Note, TakeNote } from './note.ts';
export { createShadowNetwork } from './shadow-network.ts';
