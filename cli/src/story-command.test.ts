import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { run } from './testing.ts';

const SMALL = fileURLToPath(new URL('../../testbed/stories/small.yaml', import.meta.url));

describe('verbs that run stories', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-story-'));
  });
  afterEach(() => vi.restoreAllMocks());
  afterAll(() => rmSync(folder, { recursive: true }));

  it('lab run --simulate --json writes the file, of the one run that was asked for', async () => {
    const file = join(folder, 'result.json');
    const { exitCode } = await run(['lab', 'run', SMALL, '--simulate', '--only', 'sluice', '--json', file]);
    expect(exitCode).toBe(0);
    expect(Object.keys(JSON.parse(readFileSync(file, 'utf8')))).toEqual(['sluice']);
  });

  it('a bad story ends with 2 and all its problems, each at its place', async () => {
    const file = join(folder, 'bad.yaml');
    writeFileSync(file, readFileSync(SMALL, 'utf8').replace('33554432', '32 MiB').replace('h1,', 'h9,'));
    const { exitCode, stderr, stdout } = await run(['lab', 'run', file, '--simulate']);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/bad\.yaml:\d+:\d+ vms\.0\.memoryBytes .*write memoryBytes: 33554432/);
  });

  it('a story that is refused ends with 4', async () => {
    const file = join(folder, 'refused.yaml');
    writeFileSync(
      file,
      readFileSync(SMALL, 'utf8').replace('downtimeLimitSec: 0.3', 'downtimeLimitSec: 0.3, deadlineSec: 1'),
    );
    const { exitCode, stderr } = await run(['lab', 'run', file, '--simulate', '--only', 'sluice']);
    expect(exitCode).toBe(4);
    expect(stderr).toContain('deadline_infeasible');
  });

  it('a result that cannot be written is refused before anything runs', async () => {
    const { exitCode, stderr } = await run(['lab', 'run', SMALL, '--simulate', '--json', '/nowhere/r.json']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('nothing was run');
  });

  it('without root the demo says so and offers the simulation', async () => {
    vi.spyOn(process, 'getuid').mockReturnValue(1000);
    const { exitCode, stderr } = await run(['demo']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('npm run demo -- --simulate');
  });
});
