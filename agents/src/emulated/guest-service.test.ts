import { createSocket } from 'node:dgram';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { childReady, startChild } from './child.ts';

describe('the guest service', () => {
  let port: number;
  let stop: () => Promise<void>;

  beforeAll(async () => {
    const dir = await mkdtemp(join(tmpdir(), 'slg-'));
    const options = { port: 0, vmId: 'vm' };
    const child = startChild({ entry: 'guest-service', options, logFile: join(dir, 'guest.log') });
    const ready = await childReady(child, 'guest-service');
    port = 'port' in ready ? Number(ready.port) : 0;
    stop = async () => {
      child.kill('SIGKILL');
      await rm(dir, { recursive: true, force: true });
    };
  });
  afterAll(() => stop());

  const open = (line: string): Socket => {
    const socket = connect(port, '127.0.0.1');
    socket.write(line);
    return socket;
  };
  const received = async (socket: Socket, byteCount: number): Promise<number> => {
    let total = 0;
    for await (const chunk of socket) {
      total += (chunk as Buffer).length;
      if (total >= byteCount) break;
    }
    return total;
  };

  it('sends a stream without end to whoever asks for a download', async () => {
    const socket = open('{"rateBitsPerSec":80000000,"direction":"download"}\n');
    expect(await received(socket, 300_000)).toBeGreaterThanOrEqual(300_000);
    const unpaced = open('{"rateBitsPerSec":null,"direction":"download"}\n');
    expect(await received(unpaced, 3_000_000)).toBeGreaterThanOrEqual(3_000_000);
  });

  it('takes an upload in', async () => {
    const socket = open('{"rateBitsPerSec":null,"direction":"upload"}\n');
    const drained = new Promise((resolve) => socket.write(Buffer.alloc(4_000_000), resolve));
    await drained;
    await expect.poll(() => socket.writableLength).toBe(0);
    socket.destroy();
  });

  it('answers a request that it does not understand, and goes on', async () => {
    const socket = open('{"rate":5}\n');
    let answer = '';
    for await (const chunk of socket) answer += String(chunk);
    expect(JSON.parse(answer)).toHaveProperty('error');
  });

  it('echoes datagrams on the same port', async () => {
    const prober = createSocket('udp4');
    const echo = new Promise<string>((resolve) =>
      prober.once('message', (message) => resolve(String(message))),
    );
    prober.send('17', port, '127.0.0.1');
    expect(await echo).toBe('17');
    prober.close();
  });
});
