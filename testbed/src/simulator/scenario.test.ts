import { describe, expect, it } from 'vitest';
import { joinScenario, parseScenario, splitScenario } from './scenario.ts';

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
});
