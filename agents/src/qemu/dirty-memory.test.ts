import { describe, expect, it } from 'vitest';
import { DirtyMemory } from './dirty-memory.ts';
import { featuresFrom } from './features.ts';
import type { Guest } from './guest.ts';

const MEBIBYTE = 1024 * 1024;

/** Only what the estimate asks of a guest. */
function guestWith(commands: readonly string[], answers: readonly object[] = []) {
  const asked: string[] = [];
  const left = [...answers];
  const version = { major: 7, minor: 2, micro: 0 };
  const none = new Set<string>();
  const guest = {
    memoryBytes: 100 * MEBIBYTE,
    features: featuresFrom({ version, commands: new Set(commands), capabilities: none, parameters: none }),
    async execute(command: string, _args: object, schema?: { parse(value: unknown): unknown }) {
      asked.push(command);
      return command === 'calc-dirty-rate' ? {} : schema?.parse(left.shift());
    },
  };
  return { guest: guest as unknown as Guest, asked }; // The rest of a guest is not asked for.
}
const COMMANDS = ['calc-dirty-rate', 'query-dirty-rate'];

describe('the dirty rate of a guest', () => {
  it('is sampled when it may be, and known when QEMU has measured', async () => {
    const measured = { status: 'measured', 'dirty-rate': 7, 'calc-time': 1 };
    const { guest, asked } = guestWith(COMMANDS, [{ status: 'measuring', 'calc-time': 1 }, measured]);
    const dirty = new DirtyMemory(guest, 60_000);
    const unknown = { rateBytesPerSec: 0, workingSetBytes: 0 };
    expect(await dirty.estimate(false)).toEqual(unknown);
    expect(asked).toEqual([]);
    expect([await dirty.estimate(true), await dirty.estimate(true)]).toEqual([unknown, unknown]);
    const known = { rateBytesPerSec: 7 * MEBIBYTE, workingSetBytes: 7 * MEBIBYTE };
    expect([await dirty.estimate(true), await dirty.estimate(true)]).toEqual([known, known]);
    expect(asked).toEqual(['calc-dirty-rate', 'query-dirty-rate', 'query-dirty-rate']);
  });

  it('comes from the rounds of a migration; the working set is the largest seen', async () => {
    const { guest } = guestWith([]);
    const dirty = new DirtyMemory(guest, 1);
    dirty.learn({ remainingBytes: 8 * MEBIBYTE, dirtyRateBytesPerSec: 5e6 });
    dirty.learn({ remainingBytes: 2 * MEBIBYTE, dirtyRateBytesPerSec: 6e6 });
    expect(await dirty.estimate(true)).toEqual({ rateBytesPerSec: 6e6, workingSetBytes: 8 * MEBIBYTE });
  });

  it('is never asked for by a mode that is not safe', async () => {
    const args: object[] = [];
    const { guest } = guestWith(COMMANDS);
    const spied = {
      ...guest,
      features: guest.features,
      execute: async (_: string, given: object) => args.push(given),
    };
    await new DirtyMemory(spied as unknown as Guest, 1).estimate(true); // The rest is not asked for.
    expect(args).toEqual([{ 'calc-time': 1, 'sample-pages': 4096 }]);
  });
});
