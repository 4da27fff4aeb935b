/** Door of the channel to the host agents. */
export type { AgentChannelOptions, DroppedReports, RedisAgentChannel } from './channel.ts';
export { createAgentChannel } from './channel.ts';
export { AgentChannelFailure } from './failure.ts';
export type { FakeAgentChannel, SentCommand } from './fake.ts';
export { createFakeAgentChannel } from './fake.ts';
