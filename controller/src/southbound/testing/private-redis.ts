/** A redis-server of the test's own: unix socket only, nothing on disk, ended by its process handle. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.ts';

export interface PrivateRedis {
  readonly socketPath: string;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
  /** Starts it again, empty. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export const whyNoRedis = (): string | null =>
  spawnSync('redis-server', ['--version']).status === 0 ? null : 'redis-server is not installed';

export async function startPrivateRedis(): Promise<PrivateRedis> {
  const dir = await mkdtemp(join(tmpdir(), 'southbound-redis-'));
  const socketPath = join(dir, 'redis.sock');
  let child: ChildProcess | null = null;
  const kill = async () => {
    const running = child;
    child = null;
    if (!running || running.exitCode !== null) return;
    const exited = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGKILL');
    await exited;
    await rm(socketPath, { force: true });
  };
  const restart = async () => {
    const options = [
      '--port',
      '0',
      '--unixsocket',
      socketPath,
      '--save',
      '',
      '--appendonly',
      'no',
      '--dir',
      dir,
    ];
    child = spawn('redis-server', options, { stdio: 'ignore' });
    await eventually(() => {
      if (!existsSync(socketPath)) throw new Error('redis-server does not listen');
    });
  };
  await restart();
  return {
    socketPath,
    kill,
    restart,
    stop: async () => {
      await kill();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
