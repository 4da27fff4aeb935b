/**
 * Redis connections that fail fast: with ioredis' defaults a command waits for ever while Redis is away, and with it
 * whoever awaits it.
 */
import { Redis } from 'ioredis';
import type { AgentConfig } from './config.ts';

export const REDIS_COMMAND_TIMEOUT_MS = 300;
const RECONNECT_MS = 250;
/** How long XREAD waits for a command; a connection that is silent for longer than this and a bit is dead. */
export const READ_BLOCK_MS = 2000;

const failFast = {
  enableOfflineQueue: false,
  maxRetriesPerRequest: 1,
  autoResendUnfulfilledCommands: false,
  retryStrategy: () => RECONNECT_MS,
  connectTimeout: 2000,
} as const;

export function connectRedis(redis: AgentConfig['redis'], kind: 'commands' | 'blocking'): Redis {
  const options =
    kind === 'commands'
      ? { ...failFast, commandTimeout: REDIS_COMMAND_TIMEOUT_MS }
      : { ...failFast, socketTimeout: READ_BLOCK_MS + 3000 };
  const client =
    'url' in redis ? new Redis(redis.url, options) : new Redis({ ...options, path: redis.socketPath });
  // Commands reject with the cause; without a listener ioredis prints every failed reconnect.
  client.on('error', () => undefined);
  return client;
}
