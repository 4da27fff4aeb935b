import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from './testing.ts';

const SMALL = fileURLToPath(new URL('../../testbed/stories/small.yaml', import.meta.url));
const ONE_BY_BDA = fileURLToPath(new URL('../../testbed/scenarios/one-by-bda.txt', import.meta.url));
const BOTH = fileURLToPath(new URL('../../testbed/scenarios/unmanaged-against-sluice.txt', import.meta.url));

const SCENARIO = `switches s1
hypervisor h1 at s1 100 Mbit/s
hypervisor h2 at s1 100 Mbit/s
vm web on h1 16 MiB follows web.csv
at 0 s migrate web -> h2 by bda
`;
const TRACE = 'seconds,bytesPerSec,workingSetBytes\n0,1000000,8388608\n4,3000000,8388608\n';

describe('sluice simulate', () => {
  let folder: string;
  const write = (name: string, text: string) => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-simulate-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('prints what a scenario file has below the line', async () => {
    const { exitCode, stdout, stderr } = await run(['simulate', ONE_BY_BDA]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^ {3}0\.000 s {2}web-1 admitted/);
    expect(readFileSync(ONE_BY_BDA, 'utf8')).toContain(stdout);
    expect(stderr).toBe('');
  });

  it('prints the time line and the report of a story', async () => {
    const { exitCode, stdout, stderr } = await run(['simulate', SMALL]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /== unmanaged\n[\s\S]*web-1 completed in[\s\S]*== sluice\n[\s\S]*web-1 completed in/,
    );
    expect(stdout).toContain('Rounds under Sluice (bda)');
    expect(stderr).toBe('');
  });

  it('--json prints one document, the same for the same seed, another for another', async () => {
    const first = await run(['simulate', SMALL, '--json', '--seed', '3']);
    expect(first.stderr).toBe('');
    const document = JSON.parse(first.stdout);
    expect(Object.keys(document)).toEqual(['seed', 'unmanaged', 'sluice']);
    expect(Object.keys(document.sluice)).toEqual(
      expect.arrayContaining(['receipts', 'events', 'rates', 'flows', 'samples', 'left']),
    );
    expect(document.sluice.rates.at(-1)).toMatchObject({ migrationId: 'web-1', rateBitsPerSec: 0 });
    expect((await run(['simulate', SMALL, '--json', '--seed', '3'])).stdout).toBe(first.stdout);
    expect((await run(['simulate', SMALL, '--json', '--seed', '4'])).stdout).not.toBe(first.stdout);
  });

  it('--mode and --policy take the place of what the file says, --until ends it early', async () => {
    const { stdout } = await run(['simulate', BOTH, '--mode', 'sluice', '--json', '--policy', 'bda-robust']);
    const document = JSON.parse(stdout);
    expect(Object.keys(document)).toEqual(['seed', 'sluice']);
    expect(document.sluice.migrations[0].policy).toBe('bda-robust');
    const early = JSON.parse((await run(['simulate', ONE_BY_BDA, '--json', '--until', '2.5'])).stdout);
    expect(early.sluice.endedSec).toBe(2.5);
    expect(early.sluice.left.migrationsActive).toBe(1);
  });

  it('--check says whether a scenario comes out as written, and what differs', async () => {
    expect(await run(['simulate', ONE_BY_BDA, '--check'])).toMatchObject({ exitCode: 0, stdout: '' });
    const text = readFileSync(ONE_BY_BDA, 'utf8').replace('web-1 switchover', 'web-1 flies');
    const { exitCode, stdout } = await run(['simulate', write('other.txt', text), '--check']);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^- +[\d.]+ s {2}web-1 flies$/m);
    expect(stdout).toMatch(/^\+ +[\d.]+ s {2}web-1 switchover$/m);
    const silent = await run([
      'simulate',
      write('silent.txt', text.slice(0, text.indexOf('\n----'))),
      '--check',
    ]);
    expect(silent.exitCode).toBe(2);
  });

  it('follows a recorded trace beside the scenario', async () => {
    write('web.csv', TRACE);
    const { exitCode, stdout } = await run(['simulate', write('traced.txt', SCENARIO)]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('web-1 completed');
  });

  it('tells every problem of a file at once, each with its line', async () => {
    write('bad.csv', TRACE.replace('4,3000000', '0,-1').replace('0,1000000', 'x,1000000'));
    const file = write(
      'bad.txt',
      `${SCENARIO.replace('web.csv', 'bad.csv')}fly web\nudp x h1 -> h9 1 Mbit/s now\n`,
    );
    const { exitCode, stdout, stderr } = await run(['simulate', file]);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    const lines = stderr.trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(
      /bad\.txt:4 bad\.csv:2 seconds is a number.*; bad\.csv:3 bytesPerSec is a number/,
    );
    expect(lines[1]).toMatch(/bad\.txt:6 unknown word fly; there is switches, /);
    expect(lines[2]).toMatch(/bad\.txt:7 nothing was expected after that/);
    expect(lines[3]).toBe('3 problems; nothing was run');
  });

  it('names the lines of what does not fit together, too', async () => {
    const text = SCENARIO.replace('follows web.csv', 'dirties 1 MB/s in 8 MiB').replace(
      'on h1 16',
      'on h7 16',
    );
    const { stderr, exitCode } = await run([
      'simulate',
      write('unfit.txt', `${text}at 1 s the agent of h9 dies\nat 1 s abort db\n`),
    ]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/unfit\.txt:4 no host is named h7 \(there is h1, h2\)/);
    expect(stderr).toMatch(/unfit\.txt:6 there is no host h9 \(there is h1, h2\)/);
    expect(stderr).toMatch(/unfit\.txt:7 there is no migration by then of a VM db \(there is web\)/);
  });

  it('refuses what it cannot read and options that make no sense with 2', async () => {
    for (const args of [
      ['/nowhere/x.txt'],
      [write('story.json', '{}')],
      [ONE_BY_BDA, '--seed', 'x'],
      [ONE_BY_BDA, '--until', '0'],
      [ONE_BY_BDA, '--policy', 'guess'],
      [ONE_BY_BDA, '--mode', 'fast'],
    ]) {
      const { exitCode, stdout, stderr } = await run(['simulate', ...args]);
      expect(exitCode).toBe(2);
      expect(stdout).toBe('');
      expect(stderr).not.toBe('');
    }
  });

  it('Ctrl-C leaves it between two slices', async () => {
    const many = Array.from({ length: 60 }, (_, n) => `vm v${n} on h1 16 MiB dirties 1 MB/s in 8 MiB`);
    const text = `${SCENARIO.replace('follows web.csv', 'dirties 1 MB/s in 8 MiB')}${many.join('\n')}\nuntil 90000 s\n`;
    const abort = new AbortController();
    abort.abort();
    const ended = await run(['simulate', write('long.txt', text)], { signal: abort.signal });
    expect(ended).toMatchObject({ exitCode: 130, stdout: '', stderr: 'interrupted\n' });
  });

  it('--help shows examples', async () => {
    const { exitCode, stdout } = await run(['simulate', '--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('sluice simulate testbed/scenarios/one-by-bda.txt --check');
  });
});
