import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadStory, parseStory, StoryError } from './index.ts';

const STORIES = fileURLToPath(new URL('../../stories/', import.meta.url));
const SMALL = readFileSync(`${STORIES}small.yaml`, 'utf8');

/** The problems of a story made from the small one by replacing text. */
function problemsOf(...changes: readonly (readonly [string, string])[]): string[] {
  let text = SMALL;
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`the small story does not contain ${from}`);
    text = text.replace(from, to);
  }
  try {
    parseStory(text, 'story.yaml');
    return [];
  } catch (error) {
    if (!(error instanceof StoryError)) throw error;
    return error.message.split('\n');
  }
}

describe('stories', () => {
  for (const file of readdirSync(STORIES).filter((name) => name.endsWith('.yaml')))
    it(`${file} can be read`, async () => {
      expect((await loadStory(`${STORIES}${file}`)).name).toBe(file.replace('.yaml', ''));
    });

  const table: readonly [claim: string, change: [string, string], expected: RegExp][] = [
    [
      'a rate with its unit is refused with the number to write',
      ['rateBitsPerSec: 10e6', 'rateBitsPerSec: 10 Mbit/s'],
      /^story\.yaml:26:\d+ flows\.0\.rateBitsPerSec a plain number of bit\/s, not "10 Mbit\/s": write rateBitsPerSec: 10e6$/,
    ],
    [
      'bytes per second are turned into bits per second',
      ['rateBitsPerSec: 10e6', 'rateBitsPerSec: 2 MB/s'],
      /write rateBitsPerSec: 16e6$/,
    ],
    [
      'memory in MiB is turned into bytes',
      ['memoryBytes: 33554432', 'memoryBytes: 32 MiB'],
      /vms\.0\.memoryBytes .*write memoryBytes: 33554432$/,
    ],
    [
      'milliseconds are turned into seconds',
      ['downtimeLimitSec: 0.3', 'downtimeLimitSec: 300 ms'],
      /write downtimeLimitSec: 0\.3$/,
    ],
    [
      'an unknown key is named at its place',
      ['warmupSec: 4', 'warmUpSec: 4'],
      /^story\.yaml:33:1 warmUpSec unknown key warmUpSec/,
    ],
    ['a missing key is named', ['    host: h1\n', ''], /vms\.0\.host is missing/],
    [
      'a capacity of 0 is refused',
      ['nicBitsPerSec: 100e6', 'nicBitsPerSec: 0'],
      /network\.hosts\.0\.nicBitsPerSec Too small/,
    ],
    [
      'a host that is not there is named',
      ['destination: h2', 'destination: h9'],
      /migrations\.0\.destination no host is named h9 \(there is h1, h2, c1\)/,
    ],
    [
      'a client is no destination',
      ['destination: h2', 'destination: c1'],
      /c1 is a client; choose a hypervisor \(there is h1, h2\)/,
    ],
    [
      'a VM does not start on a client',
      ['host: h1', 'host: c1'],
      /c1 is a client; a VM starts on a hypervisor/,
    ],
    [
      'source and destination differ',
      ['destination: h2', 'destination: h1'],
      /web starts on h1; choose another hypervisor/,
    ],
    [
      'an unknown VM is named',
      ['vm: web, destination', 'vm: wep, destination'],
      /no VM is named wep \(there is web\)/,
    ],
    [
      'memory comes in pages',
      ['memoryBytes: 33554432', 'memoryBytes: 33554433'],
      /the next multiple is 33558528/,
    ],
    [
      'a working set fits into memory',
      ['workingSetBytes: 8388608', 'workingSetBytes: 67108864'],
      /larger than the VM's memoryBytes/,
    ],
    [
      'a floor fits beside the headroom',
      ['floorBitsPerSec: 20e6', 'floorBitsPerSec: 95e6'],
      /the floor can be at most 90000000/,
    ],
    [
      'an address belongs to one',
      ['ip: 10.0.1.1', 'ip: 10.0.0.2'],
      /vms\.0\.ip 10\.0\.0\.2 already belongs to h2/,
    ],
    ['addresses share one network', ['ip: 10.0.1.1', 'ip: 10.9.1.1'], /share one network 10\.0\.0\.0\/16/],
    [
      'an unknown policy is refused with the choices',
      ['policy: bda', 'policy: bdaa'],
      /"bda"\|"bda-robust"\|"minimum-energy"/,
    ],
    ['YAML that cannot be parsed has a place', ['links: []', 'links: ['], /^story\.yaml:\d+:\d+ /],
  ];
  for (const [claim, change, expected] of table)
    it(claim, () => {
      expect(problemsOf(change)[0]).toMatch(expected);
    });

  it('all problems come at once, in the order of the file', () => {
    const problems = problemsOf(
      ['memoryBytes: 33554432', 'memoryBytes: 32 MiB'],
      ['warmupSec: 4', 'warmUpSec: 4'],
      ['    host: h1\n', ''],
    );
    expect(problems).toHaveLength(3);
    expect(problems.map((line) => Number(line.split(':')[1]))).toEqual([16, 19, 32]);
  });

  it('an empty file, a missing file and a folder are refused by name', async () => {
    expect(() => parseStory('', 'empty.yaml')).toThrow('empty.yaml:1:1 the file is empty');
    await expect(loadStory('/nowhere/story.yaml')).rejects.toThrow(
      '/nowhere/story.yaml:1:1 there is no such file',
    );
    await expect(loadStory(STORIES)).rejects.toThrow('this is a folder');
  });
});
