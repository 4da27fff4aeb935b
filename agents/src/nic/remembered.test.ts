import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bitsPerSec } from '@sluice/units';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rememberingNic } from './remembered.ts';
import { type NicShaper, unshapedNic } from './shaping.ts';

const TO = { ip: '10.0.0.2', port: 4444 };

describe('what a NIC holds', () => {
  let dir: string;
  const done: string[] = [];
  const nic: NicShaper = {
    ...unshapedNic,
    add: async (id, { port }, rate) => void done.push(`add ${id} ${port} ${rate}`),
    keepFloor: async (id, floor) => void done.push(`floor ${id} ${floor}`),
    addIncoming: async (id, { port }, rate) => void done.push(`incoming ${id} ${port} ${rate}`),
  };
  const open = () => rememberingNic(nic, join(dir, 'state', 'nic.json'));

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'nic-'));
    done.length = 0;
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  it('comes back for a migration that has outlived its agent, at its last rate, and for no other', async () => {
    const first = await open();
    await first.add('out', TO, bitsPerSec(20e6));
    await first.setRate('out', bitsPerSec(60e6));
    await first.addIncoming('in', { ...TO, storagePort: 4445 });
    await first.keepFloor('in', bitsPerSec(10e6));
    await first.add('over', TO, null);
    await first.remove('over');
    done.length = 0;
    const second = await open();
    for (const id of ['out', 'in', 'over', 'never']) await second.restore(id);
    expect(done).toEqual(['add out 4444 60000000', 'floor in 10000000', 'incoming in 4444 undefined']);
  });

  it('survives one more agent, and is forgotten with its migration', async () => {
    await (await open()).add('m', TO, null);
    const second = await open();
    await second.restore('m');
    const third = await open();
    await third.restore('m');
    await third.remove('m');
    done.length = 0;
    await (await open()).restore('m');
    expect(done).toEqual([]);
  });

  it('is nothing when its file is damaged', async () => {
    await (await open()).add('m', TO, null);
    await writeFile(join(dir, 'state', 'nic.json'), '{"m":');
    done.length = 0;
    await (await open()).restore('m');
    expect(done).toEqual([]);
  });
});
