/** A private redis-server on a unix socket for tests: no TCP port, nothing on disk after it has stopped. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';

export interface TestRedis {
  readonly socketPath: string;
  readonly pid: number;
  stop(): Promise<void>;
}

const START_LIMIT_MS = 5_000;

/** null when this machine has no redis-server. */
export async function startTestRedis(): Promise<TestRedis | null> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-redis-'));
  const socketPath = join(folder, 'redis.sock');
  const server = spawn(
    'redis-server',
    ['--port', '0', '--unixsocket', socketPath, '--save', '', '--dir', folder],
    {
      stdio: 'ignore',
    },
  );
  const stop = async () => {
    await ended(server);
    await rm(folder, { recursive: true, force: true });
  };
  const started = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.once('spawn', () => resolve(true));
  });
  if (!started || server.pid === undefined) {
    await rm(folder, { recursive: true, force: true });
    return null;
  }
  await answers(socketPath);
  return { socketPath, pid: server.pid, stop };
}

/** Connects again and again until the server takes connections. */
async function answers(socketPath: string): Promise<void> {
  const redis = new Redis({ path: socketPath, retryStrategy: () => 20, maxRetriesPerRequest: null });
  redis.on('error', () => {});
  const limit = AbortSignal.timeout(START_LIMIT_MS);
  await new Promise<void>((resolve, reject) => {
    redis.once('ready', resolve);
    limit.addEventListener('abort', () => reject(new Error('redis-server did not start')), { once: true });
  });
  redis.disconnect();
}

function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    server.once('exit', () => resolve());
    server.kill('SIGKILL');
  });
}
