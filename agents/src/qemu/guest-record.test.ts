import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identify } from '../emulated/process-identity.ts';
import { liveGuests, removeRecord } from './guest-record.ts';

describe('records of guests', () => {
  let dir: string;
  const ours = {
    version: 1,
    vmId: 'web',
    netDevice: null,
    memoryBytes: 4096,
    mac: '',
    ip: '',
    state: 'running',
  };
  const write = (name: string, record: object) => writeFile(join(dir, name), JSON.stringify(record));
  const alive = async () => {
    const { pid, startTime } = (await identify(process.pid)) ?? { pid: 0, startTime: '' };
    return { ...ours, pid, startTicks: Number(startTime), qmpSocket: join(dir, 'web.sock') };
  };
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'slg-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  it('count as long as their processes live, and only those processes', async () => {
    const record = await alive();
    await write('web.json', record);
    await write('reused.json', { ...record, vmId: 'reused', startTicks: 1 });
    await write('gone.json', { ...record, vmId: 'gone', pid: 4_194_304 });
    expect((await liveGuests(dir)).map((found) => found.record)).toEqual([
      { ...record, startTicks: String(record.startTicks), disks: [], urgentPipe: null },
    ]);
  });

  it('are passed over when they are half written, of another kind or of another version', async () => {
    const record = await alive();
    await writeFile(join(dir, 'half.json'), JSON.stringify(record).slice(0, 40));
    await write('other.json', { hello: 1 });
    await write('later.json', { ...record, version: 2 });
    await write('escaping.json', { ...record, vmId: '../etc' });
    await write('web.txt', record);
    expect(await liveGuests(dir)).toEqual([]);
    expect(await liveGuests(join(dir, 'nowhere'))).toEqual([]);
  });

  it('go with their guest, with its socket', async () => {
    await write('web.json', await alive());
    await writeFile(join(dir, 'web.sock'), '');
    for (const found of await liveGuests(dir)) await removeRecord(found);
    expect(await readdir(dir)).toEqual([]);
  });

  it('stay when they are a new guest of the same name by now', async () => {
    const record = await alive();
    await write('web.json', record);
    const [found] = await liveGuests(dir);
    await write('web.json', { ...record, pid: process.ppid });
    if (found !== undefined) await removeRecord(found);
    expect(await readdir(dir)).toEqual(['web.json']);
  });
});
