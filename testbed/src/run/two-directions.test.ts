/** The story of a group with mixed traffic, by chosen mechanisms and by the same for all, in virtual time. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { MechanismName } from '@sluice/controller/core';
import { describe, expect, it } from 'vitest';
import { renderReport } from '../report/index.ts';
import { parseStory, type Story } from '../story/index.ts';
import { runStory } from './index.ts';
import type { RunResult } from './result.ts';

const FILE = fileURLToPath(new URL('../../stories/two-directions.yaml', import.meta.url));
const story = parseStory(readFileSync(FILE, 'utf8'), FILE);

/** Under Sluice, with these mechanisms allowed to both. */
async function sluice(mechanisms: readonly MechanismName[]): Promise<RunResult> {
  const migrations = story.migrations.map((one) => ({ ...one, mechanisms: [...mechanisms] }));
  const changed: Story = { ...story, migrations };
  const { sluice: run } = await runStory(changed, { mode: 'simulate', runs: ['sluice'] });
  if (!run) throw new Error('not run');
  return run;
}

/** What the move costs: its time, and seconds of their traffic that applications do without. */
const costSec = ({ totalTimeSec, flows }: RunResult): number =>
  flows.reduce(
    (sum, flow) =>
      sum + totalTimeSec * Math.max(0, 1 - flow.goodputDuringBitsPerSec / flow.goodputBeforeBitsPerSec),
    totalTimeSec,
  );

describe('a sender and a receiver on one host', () => {
  it('move at less cost by the mechanisms chosen for them than by either for both', async () => {
    const chosen = await sluice(['precopy', 'postcopy']);
    expect(chosen.rounds.filter(({ phase }) => phase === 'postcopy').map((one) => one.migrationId)).toEqual([
      'sender-1',
    ]);
    for (const fixed of ['precopy', 'postcopy'] as const)
      expect(costSec(chosen)).toBeLessThan(0.9 * costSec(await sluice([fixed])));
  });

  it('are told apart in the report', async () => {
    const report = renderReport({ sluice: await sluice(['precopy']) });
    expect(report).toMatch(/download .*from the VM/);
    expect(report).toMatch(/upload .*to the VM/);
  });
});
