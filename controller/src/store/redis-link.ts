/** One connection to Redis that never waits long: fails at once while Redis is away, in 300 ms while it hangs. */
import { Redis } from 'ioredis';
import { StoreFailure } from './store.ts';

export type RedisTarget = { readonly url: string } | { readonly socketPath: string };

/** Longest wait for one command. */
const COMMAND_LIMIT_MS = 300;
const START_LIMIT_MS = 5_000;
const RETRY_FIRST_MS = 20;
const RETRY_MAX_MS = 1_000;

export interface RedisLink {
  available(): boolean;
  /** Runs commands; any failure becomes a StoreFailure. */
  ask<T>(work: (redis: Redis) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface RedisLinkOptions {
  /** Longest wait for the first connection. */
  readonly startLimitMs?: number;
}

/** @throws StoreFailure when nobody answers within the start limit */
export async function createRedisLink(
  target: RedisTarget,
  { startLimitMs = START_LIMIT_MS }: RedisLinkOptions = {},
): Promise<RedisLink> {
  const options = {
    enableOfflineQueue: false,
    commandTimeout: COMMAND_LIMIT_MS,
    maxRetriesPerRequest: 1,
    connectTimeout: startLimitMs,
    retryStrategy: (attempt: number) => Math.min(RETRY_FIRST_MS * attempt, RETRY_MAX_MS),
  };
  const redis =
    'url' in target ? new Redis(target.url, options) : new Redis({ path: target.socketPath, ...options });
  /** ioredis tells of each failed attempt here; what matters shows in `ask`. */
  redis.on('error', () => {});
  let lastFailed = false;
  try {
    await ready(redis, startLimitMs);
  } catch (error) {
    redis.disconnect();
    throw error;
  }
  return {
    available: () => redis.status === 'ready' && !lastFailed,
    ask: async (work) => {
      try {
        const result = await work(redis);
        lastFailed = false;
        return result;
      } catch (error) {
        lastFailed = true;
        throw failureOf(error);
      }
    },
    close: async () => {
      redis.disconnect();
    },
  };
}

function ready(redis: Redis, limitMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new StoreFailure({ code: 'unavailable' })), limitMs);
    redis.once('ready', () => {
      clearTimeout(limit);
      resolve();
    });
  });
}

/** Redis answered with an error of its own (`ReplyError`): waiting helps only for the states it passes through. */
function failureOf(error: unknown): StoreFailure {
  const message = error instanceof Error ? error.message : String(error);
  const passing = /^(LOADING|BUSY|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|OOM|MISCONF)/.test(message);
  const answered = error instanceof Error && error.name === 'ReplyError';
  return answered && !passing
    ? new StoreFailure({ code: 'rejected', message }, { cause: error })
    : new StoreFailure({ code: 'unavailable' }, { cause: error });
}
