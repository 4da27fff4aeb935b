import { describe, expect, it } from 'vitest';
import { parseStory, StoryError } from './index.ts';
import { parseTrace } from './trace.ts';

const MEMORY_BYTES = 16 * 1024 ** 2;
const HEADER = 'seconds,bytesPerSec,workingSetBytes';

describe('recorded traces', () => {
  it('are phases from line to line, the last as long as the one before it', () => {
    const text = `# of a web server\n${HEADER}\n0,1000,8192\n2.5,2000,4096\n\n3,0,4096\r\n`;
    expect(parseTrace(text, MEMORY_BYTES)).toEqual({
      ok: true,
      phases: [
        { durationSec: 2.5, dirtyRateBytesPerSec: 1000, workingSetBytes: 8192, pattern: 'cyclic' },
        { durationSec: 0.5, dirtyRateBytesPerSec: 2000, workingSetBytes: 4096, pattern: 'cyclic' },
        { durationSec: 0.5, dirtyRateBytesPerSec: 0, workingSetBytes: 4096, pattern: 'cyclic' },
      ],
    });
  });
  it('tell every line that is wrong', () => {
    const trace = parseTrace(
      `${HEADER}\n1,1000,8192\n1,1000,8192\n2,fast,8192\n3,1000\n4,1000,99999999999\n`,
      MEMORY_BYTES,
    );
    expect(trace.ok ? [] : trace.problems.map(({ line }) => line)).toEqual([2, 3, 4, 5, 6]);
  });
  it('of another format or without a line are refused', () => {
    for (const text of ['', HEADER, 'time;rate\n0;1', '0,1000,8192'])
      expect(parseTrace(text, MEMORY_BYTES).ok).toBe(false);
  });
  it('are told in part when they are wrong all over', () => {
    const trace = parseTrace(`${HEADER}\n${'x\n'.repeat(500)}`, MEMORY_BYTES);
    expect(trace.ok ? [] : trace.problems.map(({ message }) => message).slice(-1)).toEqual([
      'and 480 more from here',
    ]);
  });
});

const story = (workload: string) => `
name: traced
network:
  switches: [{ name: s1, dpid: "0000000000000001" }]
  hosts:
    - { name: h1, kind: hypervisor, mac: "02:00:00:00:00:01", ip: 10.0.0.1, switch: s1, port: 1, nicBitsPerSec: 100e6 }
    - { name: h2, kind: hypervisor, mac: "02:00:00:00:00:02", ip: 10.0.0.2, switch: s1, port: 2, nicBitsPerSec: 100e6 }
  links: []
vms:
  - name: web
    host: h1
    ip: 10.0.1.1
    mac: "02:00:00:00:01:01"
    memoryBytes: 16777216
    workload: ${workload}
migrations: [{ vm: web, destination: h2, downtimeLimitSec: 0.3 }]
`;
const workloadOf = (text: string) =>
  parseStory(story(text), 'story.yaml', (path) => {
    if (path !== 'web.csv') throw new Error('there is no such file');
    return `${HEADER}\n0,1000,8192\n`;
  }).vms[0]?.workload;
function problemsOf(text: string): string {
  try {
    workloadOf(text);
    return '';
  } catch (error) {
    if (!(error instanceof StoryError)) throw error;
    return error.message;
  }
}

describe('workloads', () => {
  it('of every kind become phases', () => {
    const phase = { workingSetBytes: 8192, pattern: 'cyclic' };
    expect(workloadOf('{ trace: web.csv, repeat: true }')).toEqual({
      repeat: true,
      phases: [{ ...phase, durationSec: 1, dirtyRateBytesPerSec: 1000 }],
    });
    expect(workloadOf('{ constant: { dirtyRateBytesPerSec: 5, workingSetBytes: 8192 } }')).toEqual({
      repeat: false,
      phases: [{ ...phase, durationSec: 3600, dirtyRateBytesPerSec: 5 }],
    });
    expect(
      workloadOf(
        '{ bursts: { baseRateBytesPerSec: 5, burstRateBytesPerSec: 50, periodSec: 4, dutyFraction: 0.25, workingSetBytes: 8192 } }',
      ),
    ).toEqual({
      repeat: true,
      phases: [
        { ...phase, durationSec: 1, dirtyRateBytesPerSec: 50 },
        { ...phase, durationSec: 3, dirtyRateBytesPerSec: 5 },
      ],
    });
  });
  it('say in one way what is written', () => {
    expect(problemsOf('{ repeat: true }')).toContain('exactly one of constant, phases, bursts or trace');
    expect(problemsOf('{ trace: web.csv, phases: [] }')).toContain('a trace or phases, not both');
  });
  it('refer to files beside the story only, and tell why one cannot be read', () => {
    expect(problemsOf('{ trace: ../web.csv }')).toContain('write a relative path');
    expect(problemsOf('{ trace: db.csv }')).toMatch(
      /story\.yaml:15:\d+ vms\.0\.workload\.trace db\.csv: there is no such file/,
    );
  });
  it('burst above their base', () => {
    expect(
      problemsOf(
        '{ bursts: { baseRateBytesPerSec: 50, burstRateBytesPerSec: 5, periodSec: 4, dutyFraction: 2, workingSetBytes: 8192 } }',
      ),
    ).toContain('dutyFraction');
  });
});
