/** A Redis of our own that only listens on a unix socket, which every network namespace can reach. */
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { LabFailure } from './lab-failure.ts';
import type { LabProcess, SpawnOptions } from './lab-process.ts';
import { poll } from './poll.ts';

const START_TIMEOUT_MS = 30_000;

export interface PrivateRedis {
  readonly socketPath: string;
  /** Of the process that runs now, or ran last. */
  readonly pid: number;
  /** SIGKILL by pid; what it held is lost. Resolves when the process is gone. */
  kill(): Promise<void>;
  /** A new, empty one at the same socket. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface RedisOptions {
  readonly dir: string;
  readonly start: (options: SpawnOptions) => LabProcess;
}

export async function startPrivateRedis({ dir, start }: RedisOptions): Promise<PrivateRedis> {
  const socketPath = join(dir, 'redis.sock');
  const args = ['--port', '0', '--unixsocket', socketPath, '--save', '', '--appendonly', 'no', '--dir', dir];
  const serving = async (): Promise<LabProcess> => {
    const redis = start({ name: 'redis-server', command: 'redis-server', args });
    await poll('redis-server', START_TIMEOUT_MS, async () => {
      if (!redis.running)
        throw new LabFailure({
          code: 'process_ended',
          name: redis.name,
          exitCode: null,
          output: redis.errorLines.join('\n'),
        });
      return (await answersPing(socketPath)) ? true : null;
    });
    return redis;
  };
  let current = await serving();
  return {
    socketPath,
    get pid() {
      return current.pid;
    },
    async kill() {
      process.kill(current.pid, 'SIGKILL');
      await current.exited;
    },
    async restart() {
      current = await serving();
    },
    close: () => current.stop(),
  };
}

/** The inline form of the protocol is enough to ask whether it serves. */
const answersPing = (socketPath: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection(socketPath, () => socket.write('PING\r\n'));
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString().startsWith('+PONG'));
    });
    socket.once('error', () => resolve(false));
  });
