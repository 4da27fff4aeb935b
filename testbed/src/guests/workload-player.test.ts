import { describe, expect, it } from 'vitest';
import { specOf } from './story-guests.ts';
import { loadOfPhase } from './workload-player.ts';

const MIB = 1024 * 1024;
const phase = {
  durationSec: 5,
  dirtyRateBytesPerSec: 1e6,
  workingSetBytes: 8 * MIB,
  pattern: 'cyclic' as const,
};

describe('a story told to a real guest', () => {
  it('is in whole pages', () => {
    expect(loadOfPhase(phase)).toEqual({
      pagesPerSec: 244,
      workingSetBytes: 8 * MIB,
      pattern: 'cyclic',
      writeBytes: 4096,
      diskBlocksPerSec: 0,
    });
    expect(loadOfPhase({ ...phase, dirtyRateBytesPerSec: 1, workingSetBytes: 1 })).toMatchObject({
      pagesPerSec: 1,
      workingSetBytes: 4096,
    });
    expect(loadOfPhase({ ...phase, dirtyRateBytesPerSec: 0 })).toMatchObject({ pagesPerSec: 0 });
  });

  it('has the memory of the story for its workload, and room for its kernel beside it', () => {
    const spec = specOf(
      {
        name: 'web',
        host: 'h1',
        ip: '10.0.1.1',
        mac: '02:00:00:00:01:01',
        memoryBytes: 48 * MIB,
        service: { port: 5001 },
        workload: { repeat: false, phases: [phase] },
      },
      16,
    );
    expect(spec).toMatchObject({
      vmId: 'web',
      workloadBytes: 48 * MIB,
      fillBytes: 48 * MIB,
      guestPort: 5001,
    });
    expect(spec.memoryBytes).toBeGreaterThan(100 * MIB);
  });
});
