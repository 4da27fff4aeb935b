/** The guest program itself, run as an ordinary process: its memory, its check, its control protocol, its service. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { poll } from '../lab/poll.ts';
import { isOnPath } from '../lab/real-parts.ts';

const SOURCES = fileURLToPath(new URL('../../guest/', import.meta.url));
const MIB = 1024 * 1024;
/** No promise of the program: a busy machine may take long. */
const LIMIT_MS = 30_000;
const isPossible = process.platform === 'linux' && isOnPath('gcc');

describe.skipIf(!isPossible)('the guest program', () => {
  let folder: string;
  let program: ChildProcess;
  let socket: Socket;
  let ports: readonly [number, number];
  let lastId = 0;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-guest-test-'));
    const sources = readdirSync(SOURCES).filter((name) => name.endsWith('.c'));
    const flags = ['-std=gnu11', '-O1', '-Wall', '-Wextra', '-Werror', '-pthread'];
    execFileSync('gcc', [...flags, '-o', join(folder, 'guest'), ...sources], { cwd: SOURCES });
    ports = [await freePort(), await freePort()];
    writeFileSync(join(folder, 'disk'), Buffer.alloc(MIB));
    const words = [
      `disk=${join(folder, 'disk')}`,
      `memory=${8 * MIB}`,
      `fill=${2 * MIB}`,
      `service=${ports[0]}`,
      `control=${ports[1]}`,
    ];
    program = spawn(join(folder, 'guest'), words, { stdio: ['ignore', 'pipe', 'inherit'] });
    if (program.stdout) await once(program.stdout, 'data');
    socket = createSocket('udp4');
    await ask('status');
  });

  afterAll(async () => {
    socket?.close();
    if (program?.exitCode === null && program.kill()) await once(program, 'exit');
    rmSync(folder, { recursive: true });
  });

  /** Sent again until it is answered: the program may not have opened its port yet. */
  async function ask(request: string): Promise<Record<string, unknown>> {
    lastId += 1;
    const id = lastId;
    const state: { answer: Record<string, unknown> | null } = { answer: null };
    const take = (data: Buffer) => {
      const answer = JSON.parse(data.toString());
      if (answer.id === id) state.answer = answer;
    };
    socket.on('message', take);
    try {
      return await poll('an answer of the guest program', LIMIT_MS, async () => {
        if (state.answer === null) socket.send(`${id} ${request}\n`, ports[1], '127.0.0.1');
        return state.answer;
      });
    } finally {
      socket.off('message', take);
    }
  }

  it('says what it was started with', async () => {
    expect(await ask('status')).toMatchObject({
      ok: true,
      memoryBytes: 8 * MIB,
      pagesPerSec: 0,
      pattern: 'cyclic',
      writtenPages: 512,
    });
  });

  it.each(['cyclic', 'random', 'hot_cold'])(
    'writes %s, checks every page and finds none wrong',
    async (pattern) => {
      const load = `pagesPerSec=4000 workingSetBytes=${4 * MIB} pattern=${pattern} writeBytes=64`;
      const before = await ask(`load ${load}`);
      expect(before).toMatchObject({ ok: true, pagesPerSec: 4000, pattern, writeBytes: 64 });
      await poll('pages written', LIMIT_MS, async () =>
        Number((await ask('status')).writtenPages) > Number(before.writtenPages) + 300 ? true : null,
      );
      expect(await ask('verify')).toMatchObject({
        checkedPages: 2048,
        wrongPages: 0,
        firstWrongPage: -1,
        sequenceMatches: true,
      });
    },
  );

  it('writes its disk, and finds a block that another has changed', async () => {
    expect(await ask('load diskBlocksPerSec=2000')).toMatchObject({
      diskBlocks: 256,
      diskBlocksPerSec: 2000,
    });
    await poll('blocks written', LIMIT_MS, async () =>
      Number((await ask('status')).diskWrittenBlocks) > 100 ? true : null,
    );
    await ask('load diskBlocksPerSec=0');
    const whole = { diskCheckedBlocks: 256, diskWrongBlocks: 0, diskFailedWrites: 0 };
    expect(await ask('verify')).toMatchObject(whole);
    const path = join(folder, 'disk');
    const before = readFileSync(path);
    const spoilt = Buffer.from(before);
    spoilt.writeUInt8(spoilt.readUInt8(5000) ^ 1, 5000);
    writeFileSync(path, spoilt);
    expect(await ask('verify')).toMatchObject({ ...whole, diskWrongBlocks: 1 });
    writeFileSync(path, before);
    expect(await ask('verify')).toMatchObject(whole);
  });

  it('keeps what a change of load does not name', async () => {
    await ask(`load pagesPerSec=0 workingSetBytes=${MIB} pattern=random writeBytes=128`);
    expect(await ask('load pagesPerSec=7')).toMatchObject({
      pagesPerSec: 7,
      pattern: 'random',
      writeBytes: 128,
    });
    await ask('load pagesPerSec=0');
  });

  it('refuses what cannot be, and goes on as before', async () => {
    const refusals: readonly (readonly [string, string])[] = [
      [`load workingSetBytes=${16 * MIB}`, 'workingSetBytes is more than the memory'],
      ['load writeBytes=12', 'writeBytes is not a multiple of 8 from 8 to 4096'],
      ['load pattern=zigzag', 'pattern is cyclic, random or hot_cold'],
      ['load pagesPerSec=-1', 'a value is not a whole number'],
      ['load speed=1', 'settings are pagesPerSec, workingSetBytes, pattern, writeBytes, diskBlocksPerSec'],
      ['load diskBlocksPerSec=10001', 'diskBlocksPerSec is more than 10000'],
      ['dance', 'verbs are status, load, verify, reset_stall, spoil'],
    ];
    for (const [request, problem] of refusals)
      expect(await ask(request)).toMatchObject({ ok: false, problem });
    expect(await ask('status')).toMatchObject({ ok: true, pagesPerSec: 0, pattern: 'random' });
  });

  it('echoes datagrams and streams on its service port', async () => {
    // A socket of its own: an answer to a request that was sent twice may still come to the other.
    const client = createSocket('udp4');
    const reply = once(client, 'message');
    client.send('ping', ports[0], '127.0.0.1');
    expect(String((await reply)[0])).toBe('ping');
    client.close();
    expect(await firstBytes({ direction: 'download', rateBitsPerSec: null }, 20_000)).toHaveLength(20_000);
    expect((await firstBytes({ direction: 'echo', rateBitsPerSec: null }, 5, 'hello')).toString()).toBe(
      'hello',
    );
    expect((await firstBytes({ direction: 'sideways', rateBitsPerSec: null }, 8)).toString()).toBe(
      '{"error"',
    );
  });

  it('remembers the longest time it stood still until it is told to forget', async () => {
    program.kill('SIGSTOP');
    const stoppedAt = performance.now();
    await poll('a stall', LIMIT_MS, async () => (performance.now() - stoppedAt > 300 ? true : null));
    program.kill('SIGCONT');
    // What watches the clock and what answers wake up in any order; and a busy machine may stop it once more.
    const longestStallMs = async (request: string) => Number((await ask(request)).longestStallMs);
    await poll('it to be known', LIMIT_MS, async () =>
      (await longestStallMs('status')) > 250 ? true : null,
    );
    await poll('it to be forgotten', LIMIT_MS, async () =>
      (await longestStallMs('reset_stall')) < 250 ? true : null,
    );
  });

  it('finds a page that changed behind its back, also when it is written again', async () => {
    await ask('spoil 3');
    await ask('spoil 3'); // As when the answer was late and it was sent again.
    expect(await ask('verify')).toMatchObject({ wrongPages: 1, firstWrongPage: 3, sequenceMatches: true });
    const before = Number(
      (await ask(`load pagesPerSec=5000 workingSetBytes=${16 * 4096} writeBytes=4096 pattern=cyclic`))
        .writtenPages,
    );
    await poll('the page written again', LIMIT_MS, async () =>
      Number((await ask('status')).writtenPages) > before + 100 ? true : null,
    );
    expect(await ask('verify')).toMatchObject({ wrongPages: 1, firstWrongPage: 3 });
  });

  function firstBytes(request: object, count: number, more = ''): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      let got = Buffer.alloc(0);
      const client = connect(ports[0], '127.0.0.1', () =>
        client.write(`${JSON.stringify(request)}\n${more}`),
      );
      client.on('data', (data) => {
        got = Buffer.concat([got, data]);
        if (got.length < count) return;
        client.destroy();
        resolve(got.subarray(0, count));
      });
      client.on('error', reject);
    });
  }
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
