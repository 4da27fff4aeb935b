/** A private Redis for tests: its own process on a unix socket in a temporary directory, without persistence. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const START_LIMIT_MS = 30_000;
const POLL_MS = 20;

export interface PrivateRedis {
  readonly socketPath: string;
  /** Of the server process, for tests that stop or kill it. */
  readonly pid: number;
  stop(): Promise<void>;
}

/**
 * Resolves to `{ skipped }` with the reason when there is no redis-server on this machine. `at` is the socket's path
 * for a test in which somebody knows it before there is a server.
 */
export async function startRedisServer(
  options: { readonly at?: string } = {},
): Promise<PrivateRedis | { readonly skipped: string }> {
  const dir = await mkdtemp(join(tmpdir(), 'slredis-'));
  const socketPath = options.at ?? join(dir, 'redis.sock');
  const args = ['--port', '0', '--unixsocket', socketPath, '--save', '', '--appendonly', 'no', '--dir', dir];
  const server = spawn('redis-server', args, { stdio: 'ignore' });
  const state: { error?: Error; exited: boolean } = { exited: false };
  const exited = new Promise<void>((resolve) => {
    server.once('error', (error) => {
      state.error = error;
      resolve();
    });
    server.once('exit', () => {
      state.exited = true;
      resolve();
    });
  });
  const stop = async (): Promise<void> => {
    if (server.pid !== undefined && !state.exited) server.kill('SIGKILL');
    await exited;
    await rm(dir, { recursive: true, force: true });
  };
  for (
    const deadline = Date.now() + START_LIMIT_MS;
    Date.now() < deadline && !state.exited && !state.error;
  ) {
    if (server.pid !== undefined && (await answers(socketPath))) return { socketPath, pid: server.pid, stop };
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  await stop();
  return { skipped: `redis-server did not start: ${state.error?.message ?? 'no answer'}` };
}

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
