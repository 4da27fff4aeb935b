import type { HostId } from '@sluice/topology';
import { describe, expect, it } from 'vitest';
import type { Heard, MigrationId } from './core/index.ts';
import { INPUT_QUEUE_MAX, InputQueue } from './input-queue.ts';

const load = (hostId: string, txBitsPerSec: number): Heard => ({
  kind: 'agent_reported',
  hostId: hostId as HostId,
  report: { kind: 'nic_load', txBitsPerSec, rxBitsPerSec: 0, intervalSec: 0.5, vms: [] },
});
const abort = (index: number): Heard => ({
  kind: 'abort_requested',
  migrationId: `m${index}` as MigrationId,
  reason: 'user',
});

describe('the input queue', () => {
  it('keeps only the newest of what replaces itself, per sender', () => {
    const queue = new InputQueue();
    for (const heard of [load('h1', 1), { kind: 'tick' } as const, load('h2', 2), load('h1', 3)])
      queue.push(heard);
    queue.push({ kind: 'tick' });
    expect([queue.shift(), queue.shift(), queue.shift(), queue.shift()]).toEqual([
      load('h2', 2),
      load('h1', 3),
      { kind: 'tick' },
      undefined,
    ]);
  });

  it('takes no more than its bound and counts what it could not take', () => {
    const queue = new InputQueue();
    for (let index = 0; index < INPUT_QUEUE_MAX; index += 1) expect(queue.push(abort(index))).toBe(true);
    expect(queue.push(abort(-1))).toBe(false);
    expect(queue.dropped).toBe(1);
    expect(queue.shift()).toEqual(abort(0));
    expect(queue.push(abort(-1))).toBe(true);
  });
});
