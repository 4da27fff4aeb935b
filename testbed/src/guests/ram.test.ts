import { bytes } from '@sluice/units';
import { describe, expect, it } from 'vitest';
import { checkRam, guestRam, ramForWorkload, workloadMax } from './ram.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

describe('the memory of a guest', () => {
  it('is never a multiple of 256 KiB, and says what it became', () => {
    expect(guestRam(bytes(128 * MIB))).toEqual({
      ok: true,
      ram: 128 * MIB - 8 * KIB,
      note: 'memory 131064 KiB instead of 128 MiB: a multiple of 256 KiB would not migrate unharmed',
    });
    for (let wanted = 80 * MIB; wanted <= 82 * MIB; wanted += KIB) {
      const answer = guestRam(bytes(wanted));
      if (!answer.ok) throw new Error(answer.sentence);
      expect(answer.ram % (256 * KIB)).not.toBe(0);
      expect(answer.ram).toBeLessThanOrEqual(wanted);
      expect(checkRam(answer.ram).ok).toBe(true);
    }
  });

  it('that can be is taken as it is, without a word', () => {
    expect(guestRam(bytes(131_064 * KIB))).toEqual({ ok: true, ram: 131_064 * KIB, note: null });
  });

  it('that QEMU would round is rounded before', () => {
    expect(guestRam(bytes(100 * MIB + 9 * KIB))).toMatchObject({ ok: true, ram: 100 * MIB + 8 * KIB });
  });

  it('that cannot be is refused by name', () => {
    const problemOf = (size: number) => {
      const answer = checkRam(bytes(size));
      return answer.ok ? null : answer.problem;
    };
    expect(problemOf(64 * MIB)).toBe('ram_too_small');
    expect(problemOf(3 * 1024 * MIB)).toBe('ram_too_large');
    expect(problemOf(100 * MIB + 1)).toBe('ram_not_in_steps');
    expect(problemOf(128 * MIB)).toBe('ram_corrupts_in_migration');
    expect(problemOf(128 * MIB - 8 * KIB)).toBe(null);
    expect(guestRam(bytes(1))).toMatchObject({ ok: false, problem: 'ram_too_small' });
  });

  it('leaves whole pages for the guest program', () => {
    expect(workloadMax(bytes(131_064 * KIB)) % 4096).toBe(0);
    expect(workloadMax(bytes(10 * MIB))).toBe(0);
  });

  it('made for a workload has room for it, also after rounding', () => {
    for (let workload = 0; workload <= 64 * MIB; workload += 12_288) {
      const answer = guestRam(ramForWorkload(bytes(workload)));
      if (!answer.ok) throw new Error(answer.sentence);
      expect(workloadMax(answer.ram)).toBeGreaterThanOrEqual(workload);
    }
  });
});
