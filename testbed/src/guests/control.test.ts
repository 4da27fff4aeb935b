import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GuestControl, guestControl, isUnharmed } from './control.ts';
import { guestFiles } from './guest-files.ts';

const STATUS = {
  ...{
    uptimeSec: 3,
    memoryBytes: 4096,
    pagesPerSec: 5,
    workingSetBytes: 4096,
    pattern: 'cyclic',
    writeBytes: 64,
  },
  ...{ writtenPages: 1, skippedPages: 0, longestStallMs: 0.5, stallEndedAtSec: 1 },
  ...{ diskBlocks: 0, diskBlocksPerSec: 0, diskWrittenBlocks: 0, diskFailedWrites: 0 },
};
const VERDICT = { ...STATUS, checkedPages: 1, wrongPages: 0, firstWrongPage: -1, sequenceMatches: true };

describe('the control of a guest', () => {
  let folder: string;
  let server: Server;
  let control: GuestControl;
  let requests: { readonly id: number; readonly text: string }[];

  /** Stands at the host's end of the serial line; what it is to answer, the test says. */
  async function guestThat(answer: (socket: Socket, id: number, text: string) => void): Promise<void> {
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (data) => {
        for (const line of data.toString().split('\n')) {
          const [, number, text] = /^(\d+) (.*)$/.exec(line) ?? [];
          if (number === undefined || text === undefined) continue;
          requests.push({ id: Number(number), text });
          answer(socket, Number(number), text);
        }
      });
    });
    await new Promise<void>((resolve) => server.listen(guestFiles(folder, 'web').control, resolve));
  }
  const reply = (socket: Socket, id: number, body: object) =>
    socket.write(`${JSON.stringify({ id, ...body })}\n`);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-ctl-'));
    requests = [];
    control = guestControl(folder, 'web', { timeoutMs: 30_000 });
  });
  afterEach(async () => {
    control.close();
    if (server?.listening) await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });

  it('names what is to change and gives back what the guest does then', async () => {
    await guestThat((socket, id) => reply(socket, id, { ok: true, ...STATUS }));
    expect(await control.setLoad({ pagesPerSec: 5, pattern: 'cyclic' })).toEqual(STATUS);
    expect(requests.map(({ text }) => text)).toEqual(['load pagesPerSec=5 pattern=cyclic']);
  });

  it('asks again until an answer comes, and passes over what a migration has garbled', async () => {
    await guestThat((socket, id) => {
      if (requests.length === 1) socket.write('{"id":1,"ok":tr');
      else if (requests.length === 2) socket.write('ue}\nnoise\n{"id":7,"ok":true}\n');
      else reply(socket, id, { ok: true, ...STATUS });
    });
    expect(await control.status()).toEqual(STATUS);
    expect(new Set(requests.map(({ id }) => id)).size).toBe(1);
    expect(requests.length).toBeGreaterThanOrEqual(3); // On a busy machine it may ask once more than it needs.
  });

  it('connects again when the line ends under it', async () => {
    await guestThat((socket, id) => {
      if (requests.length === 1) socket.destroy();
      else reply(socket, id, { ok: true, ...VERDICT, diskCheckedBlocks: 0, diskWrongBlocks: 0 });
    });
    expect(isUnharmed(await control.verify())).toBe(true);
  });

  it('says what the guest refuses, in its words', async () => {
    await guestThat((socket, id) => reply(socket, id, { ok: false, problem: 'there is no disk' }));
    await expect(control.setLoad({ diskBlocksPerSec: 1 })).rejects.toThrow('web refuses: there is no disk');
  });

  it('gives up at its limit when nobody is there', async () => {
    const brief = guestControl(folder, 'web', { timeoutMs: 50 });
    await expect(brief.status()).rejects.toThrow('web did not answer within 50 ms');
    brief.close();
  });

  it('calls a guest unharmed only when memory and disk are', () => {
    const whole = { ...VERDICT, pattern: 'cyclic' as const, diskCheckedBlocks: 4, diskWrongBlocks: 0 };
    expect(isUnharmed(whole)).toBe(true);
    for (const harm of [
      { wrongPages: 1 },
      { sequenceMatches: false },
      { diskWrongBlocks: 1 },
      { diskFailedWrites: 1 },
    ])
      expect(isUnharmed({ ...whole, ...harm })).toBe(false);
  });
});
