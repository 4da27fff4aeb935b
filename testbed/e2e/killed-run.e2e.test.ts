// The owner of a whole run is killed in the middle of a migration: controller, agents, VMs and switches are still
// there, and the next lab removes all of them.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runOrEmpty } from '../src/lab/command.ts';
import { mustSkip, openLab } from '../src/lab/index.ts';
import { figures } from './observe.ts';
import { twoSites } from './stages.ts';

const BUILT = fileURLToPath(new URL('../dist/index.js', import.meta.url));
const story = twoSites({
  name: 'e2e-killed',
  trunkFloorMegabits: 20,
  vms: [{ name: 'web', memoryMebibytes: 16, phases: [[600, 0.3, 4]] }],
});

describe.skipIf(mustSkip('killed run on real parts'))('a run whose owner was killed in mid-migration', () => {
  it('is removed by the next lab, with its controller, agents and VMs', async () => {
    const prefix = await startAndKill();
    const left = await traces(prefix);
    expect(left.filter((trace) => trace.startsWith('process'))).not.toEqual([]);
    const notes: string[] = [];
    const lab = await openLab({ label: 'after the killed one', note: (line) => notes.push(line) });
    try {
      expect(notes.join('\n')).toContain(prefix);
      expect(await traces(prefix)).toEqual([]);
      figures('killed run', { tracesRemoved: left.length });
    } finally {
      await lab.close();
    }
  });
});

/** Opens a stage in a process of its own, migrates, and kills that process in round 0. */
function startAndKill(): Promise<string> {
  const script = `
    const { openStage } = await import(${JSON.stringify(BUILT)});
    const stage = await openStage(${JSON.stringify(story)}, { run: 'managed' });
    await stage.migrate({ id: 'cut', vm: 'web', destination: 'h2', rateMaxBitsPerSec: 20e6 });
    await stage.until('cut', 'round 0', (view) => view.phase === 'precopy');
    process.stdout.write(stage.lab.prefix, () => process.kill(process.pid, 'SIGKILL'));
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let prefix = '';
  child.stdout.on('data', (chunk: Buffer) => {
    prefix += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.once('close', (_code, signal) =>
      signal === 'SIGKILL' ? resolve(prefix) : reject(new Error(`the child was not killed: ${prefix}`)),
    );
  });
}

/** Devices, namespaces, files and processes that bear the prefix in their name, command line or environment. */
async function traces(prefix: string): Promise<readonly string[]> {
  const links = (await runOrEmpty('ip', ['-brief', 'link', 'show']))
    .split('\n')
    .filter((line) => line.startsWith(prefix))
    .map((line) => `device ${line.split(' ')[0]}`);
  const files = ['/run/netns', '/run/sluice'].flatMap((folder) =>
    namesIn(folder)
      .filter((name) => name.startsWith(prefix))
      .map((name) => `file ${folder}/${name}`),
  );
  const processes = namesIn('/proc')
    .filter((name) => /^\d+$/.test(name) && mentions(name, prefix))
    .map((pid) => `process ${pid}`);
  return [...links, ...files, ...processes];
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

const mentions = (pid: string, prefix: string): boolean =>
  ['cmdline', 'environ'].some((file) => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'utf8').includes(prefix);
    } catch {
      return false;
    }
  });
