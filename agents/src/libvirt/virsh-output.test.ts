/** What virsh 9.0 printed, and what is refused. */
import { describe, expect, it } from 'vitest';
import { type DomainEvent, EventReader } from './host-events.ts';
import {
  checkMonitorReply,
  parseAddress,
  parseDirtyRate,
  parseDisks,
  parseDomainInfo,
  parseDomainStats,
  parseDowntimeLimit,
  parseJobStats,
  parseMac,
} from './virsh-output.ts';

const STATS = `Domain: 'vm'
  state.state=3
  state.reason=2
  balloon.current=131072
  balloon.maximum=131072
  net.count=2
  net.0.name=vnet0
  net.1.name=vnet1
  dirtyrate.calc_status=2
  dirtyrate.calc_start_time=34561
  dirtyrate.calc_period=1
  dirtyrate.megabytes_per_second=3
  dirtyrate.calc_mode=page-sampling

`;
const JOB = `Job type: 2

operation: 5
time_elapsed: 4764
data_total: 134750208
memory_total: 134750208
memory_processed: 9161865
memory_remaining: 8192
memory_iteration: 3
memory_page_size: 4096

`;

describe('virsh output', () => {
  it('is read as it was printed', () => {
    expect(parseDomainStats(STATS)).toEqual([
      {
        name: 'vm',
        state: 'paused_migrating',
        netDevice: 'vnet0',
      },
    ]);
    expect(parseJobStats(JOB)).toEqual({
      ...{ operation: 'outgoing', totalBytes: 134_750_208, transferredBytes: 9_161_865 },
      ...{ remainingBytes: 8192, iteration: 3, elapsedMs: 4764, downtimeMs: null },
    });
    expect(parseJobStats('Job type: 0\n\n\n').operation).toBe('none');
    expect(parseMac(' vnet0   bridge   br0   virtio   52:54:00:AA:00:01\n')).toBe('52:54:00:aa:00:01');
    expect(parseMac('')).toBeNull();
    expect(parseDisks(' vda   /disks/a b.raw\n sda   -\n')).toEqual(['vda']);
    expect(parseDowntimeLimit('300\n\n')).toBe(300);
    expect(parseAddress('<vm ip="10.0.0.7"/>\n')).toBe('10.0.0.7');
    expect(parseDomainInfo('Id: -\nMax memory:     131072 KiB\nPersistent:     yes\n')).toEqual({
      ...{ memoryBytes: 134_217_728, isPersistent: true },
    });
    expect(parseDirtyRate(STATS)).toBe(3 * 1024 * 1024);
    expect(parseDirtyRate(STATS.replace('calc_status=2', 'calc_status=1'))).toBeNull();
    expect(() => checkMonitorReply('{"return":{},"id":"libvirt-418"}\n')).not.toThrow();
  });

  it.each<[string, readonly [number, number]]>([
    ['running', [1, 5]],
    ['postcopy', [1, 10]],
    ['postcopy_interrupted', [1, 11]],
    ['paused', [3, 1]],
    ['left_postcopy', [3, 12]],
    ['left_postcopy_interrupted', [3, 13]],
    ['off', [5, 1]],
  ])('tells a domain that is %s', (state, [number, reason]) => {
    const text = `Domain: 'vm'\n  state.state=${number}\n  state.reason=${reason}\n`;
    expect(parseDomainStats(text)).toMatchObject([{ state }]);
  });

  it.each<[string, () => unknown]>([
    ['a line before any domain', () => parseDomainStats('  state.state=1\n')],
    ['a line of another form', () => parseDomainStats(`${STATS}Warning: all is well\n`)],
    ['a domain without a reason', () => parseDomainStats("Domain: 'vm'\n  state.state=1\n")],
    ['memory in other units', () => parseDomainInfo('Max memory: 128 MiB\nPersistent: yes\n')],
    ['a number that is none', () => parseJobStats(JOB.replace('9161865', '8.7 MiB'))],
    ['a job without a type', () => parseJobStats('Operation: Outgoing migration\n')],
    ['nothing', () => parseJobStats('')],
    ['a table with other columns', () => parseMac(' vnet0 bridge br0 virtio\n')],
    ['an empty limit', () => parseDowntimeLimit('\n')],
    ['an element that is not ours', () => parseAddress('<vm><ip>10.0.0.7</ip></vm>')],
    ['no word on persistence', () => parseDomainInfo('Max memory: 1 KiB\n')],
    [
      'a QEMU that says no',
      () => checkMonitorReply('{"id":"libvirt-422","error":{"class":"CommandNotFound"}}'),
    ],
    ['no JSON', () => checkMonitorReply('error')],
  ])('is refused: %s', (_, read) => {
    expect(read).toThrow(expect.objectContaining({ name: 'VirshFailure' }));
  });
});

describe('events', () => {
  const read = (...lines: readonly string[]): readonly DomainEvent[] => {
    const events: DomainEvent[] = [];
    const reader = new EventReader((event) => events.push(event));
    for (const line of lines) reader.take(line);
    reader.close();
    return events;
  };
  const AT = '2026-11-21 19:33:18.605+0000:';

  it('are read as they were printed', () => {
    const events = read(
      `${AT} event 'migration-iteration' for domain 'vm': iteration: '2'`,
      `${AT} event 'lifecycle' for domain 'vm': Suspended Post-copy Error`,
      `${AT} event 'job-completed' for domain 'vm':`,
      ...['\toperation: 5', '\ttime_elapsed: 4778', '\tdowntime: 63', '\tmemory_processed: 9161865'],
      `${AT} event 'lifecycle' for domain 'vm': Stopped Migrated`,
    );
    expect(events).toMatchObject([
      { kind: 'iteration', vmId: 'vm', iteration: 2 },
      { kind: 'lifecycle', vmId: 'vm', what: 'Suspended', why: 'Post-copy Error' },
      { kind: 'job_completed', vmId: 'vm', stats: { elapsedMs: 4778, downtimeMs: 63 } },
      { kind: 'lifecycle', vmId: 'vm', what: 'Stopped', why: 'Migrated' },
    ]);
  });

  it('are passed over when they are not ours to understand', () => {
    expect(
      read(
        'event loop interrupted',
        `${AT} event 'block-job' for domain 'vm': Block Copy`,
        '\tstray: 1',
        `${AT} event 'migration-iteration' for domain 'vm': iteration: 'two'`,
        `${AT} event 'job-completed' for domain 'vm':`,
        '\ttime_elapsed: soon',
      ),
    ).toEqual([]);
  });
});
