// Every command of the README is executed: its main job, and the `sh` blocks of its how-tos in order.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mustSkip } from '../src/lab/index.ts';
import { storyResultSchema } from '../src/run/index.ts';
import { openStage, type Stage } from '../src/stage/index.ts';
import { loadStory } from '../src/story/index.ts';
import { figures } from './observe.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const README = await readFile(join(ROOT, 'README.md'), 'utf8');
/** The block that talks to a running controller. */
const NEEDS_CONTROLLER = /SLUICE_API|sluice (topology|host|migration|reservation)/;
const BLOCK_TIMEOUT_MS = 170_000;

const run = promisify(execFile);
const shell = (text: string, env: Readonly<Record<string, string>> = {}) =>
  run('bash', ['-euo', 'pipefail', '-c', text], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    timeout: BLOCK_TIMEOUT_MS,
  });

describe.skipIf(mustSkip('the README on real parts'))('the README', () => {
  let stage: Stage | null = null;
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-readme-'));
  });
  afterAll(async () => {
    await stage?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('does its main job with one command: unmanaged against Sluice, side by side', async () => {
    expect(README).toContain('npm run demo');
    const file = join(folder, 'demo.json');
    const { stdout } = await shell(`npm run demo -- --json ${file}`);
    const result = storyResultSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    const { unmanaged, sluice } = result;
    if (!unmanaged || !sluice) throw new Error('a run is missing from the result');
    expect([unmanaged.outcome, sluice.outcome]).toEqual(['completed', 'completed']);
    expect(unmanaged.rounds.every((round) => round.reservedBitsPerSec === null)).toBe(true);
    expect(new Set(sluice.rounds.map((round) => round.reservedBitsPerSec)).size).toBeGreaterThanOrEqual(3);
    expect(stdout).toContain('goodput during');
    figures('demo', {
      unmanagedSec: unmanaged.totalTimeSec ?? Number.NaN,
      sluiceSec: sluice.totalTimeSec ?? Number.NaN,
      unmanagedDowntimeSec: unmanaged.downtimeSec ?? Number.NaN,
      sluiceDowntimeSec: sluice.downtimeSec ?? Number.NaN,
    });
  });

  it.each(blocksOf(README).map((block) => [block.split('\n')[0] ?? '', block]))(
    'can be typed: %s',
    async (_, block) => {
      if (NEEDS_CONTROLLER.test(block))
        stage ??= await openStage(await loadStory(join(ROOT, 'testbed/stories/edge-nfv.yaml')), {
          run: 'managed',
        });
      await shell(block, stage === null ? {} : { SLUICE_API: stage.url });
    },
  );
});

function blocksOf(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map((match) => (match[1] ?? '').trim());
}
