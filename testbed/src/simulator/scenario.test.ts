import { describe, expect, it } from 'vitest';
import { joinScenario, parseScenario, splitScenario } from './scenario.ts';
import { ScenarioError } from './scenario-words.ts';

const BASE = `# Title.
switches s1
hypervisor h1 at s1 100 Mbit/s
hypervisor h2 at s1 100 Mbit/s
vm web on h1 32 MiB dirties 1 MB/s in 8 MiB
at 0 s migrate web -> h2 by bda`;

describe('scenario files', () => {
  it('are put together from what they were split into', () => {
    const text = `${BASE}\n----\n0 s nothing\n`;
    const { input, expected } = splitScenario(text);
    expect(joinScenario(input, expected)).toBe(text);
  });
  it('are read into a story', () => {
    const { title, story } = parseScenario(BASE);
    expect(title).toBe('Title.');
    expect(story.migrations[0]).toMatchObject({ vm: 'web', destination: 'h2', policy: 'bda' });
    expect(story.vms[0]?.memoryBytes).toBe(32 * 1024 ** 2);
  });
  it('name the line that cannot be understood', () => {
    for (const [line, message] of [
      ['fly web', 'line 7: unknown word fly'],
      ['vm db on h1 32 MB dirties 1 MB/s in 8 MiB', 'line 7: expected a number and one of KiB, MiB, GiB'],
      ['at 1 s migrate web to h2', 'line 7: expected "->", found "to"'],
      ['at 1 s abort web now', 'line 7: nothing was expected after that'],
      ['at 1 s the cable s1 - s9 breaks', 'line 7: no link s1 - s9'],
    ])
      expect(() => parseScenario(`${BASE}\n${line}`)).toThrow(message);
  });
  it('tell every line that is wrong, each with what would do', () => {
    const lines = [
      'at 1 s migrate web -> h2 by guess',
      'at 1 s migrate web -> h2 priority high',
      'tenant gold at-most few migrations',
      'objective fastest',
      'at 1 s the switch s1 explodes',
    ];
    expect(problemsOf(`${BASE}\n${lines.join('\n')}`)).toEqual([
      expect.stringContaining('line 7: a policy is one of bda, bda-robust, minimum-energy, unmanaged, found'),
      expect.stringContaining('line 8: a priority is a whole number'),
      expect.stringContaining('line 9: a number of migrations is a whole number'),
      expect.stringContaining(
        'line 10: an objective is one of own, completion-time, net-rate, max-min, found',
      ),
      expect.stringContaining('line 11: expected "refuses", found "explodes"'),
    ]);
  });
  it('tell what does not fit together at the line that says it', () => {
    const lines = [
      'at 5 s migrate web -> h2, start-at 2 s',
      'at 6 s migrate web -> h2, priority 12',
      'at 7 s commit db',
      'at 7 s the switch s9 refuses the next change',
    ];
    expect(problemsOf(`${BASE}\n${lines.slice(2).join('\n')}`)).toEqual([
      expect.stringMatching(/^line 7: there is no migration by then of a VM db/),
      expect.stringMatching(/^line 8: there is no switch s9 \(there is s1\)/),
    ]);
    expect(problemsOf(`${BASE}\n${lines[0]}`)).toEqual([
      'line 7: startAtSec: lies before it is asked for, at 5',
    ]);
    expect(problemsOf(`${BASE}\n${lines[1]}`)).toEqual([expect.stringMatching(/^line 7: priority: Too big/)]);
  });
  it('ask for all that a migration can be', () => {
    const { story, faults } = parseScenario(
      `${BASE}, priority 7, weight 2.5, tenant gold, start-at 9 s, hold 4 s, may-preempt, may-postcopy, may-throttle 30 %
tenant gold at-most 2 migrations, at-most 50 Mbit/s
at 3 s commit web
at 4 s the agent of h1 ignores the next rate`,
    );
    expect(story.migrations[0]).toMatchObject({
      priority: 7,
      weight: 2.5,
      tenant: 'gold',
      startAtSec: 9,
      holdForSec: 4,
      mayPreempt: true,
      mechanisms: ['precopy', 'postcopy', 'hybrid'],
      throttleMax: 0.3,
    });
    expect(story.controller.tenantQuotas).toEqual({ gold: { migrationsMax: 2, rateMaxBitsPerSec: 50e6 } });
    expect(faults.map(({ kind }) => kind)).toEqual(['commit', 'rate_ignored']);
  });
});

function problemsOf(text: string): readonly string[] {
  try {
    parseScenario(text);
    return [];
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return error.message.split('\n');
  }
}
