import { afterEach, describe, expect, it } from 'vitest';
import { emulatedPair, type Pair } from '../testing/emulated-pair.ts';

const pairs: Pair[] = [];
const openPair = async (options?: Parameters<typeof emulatedPair>[0]): Promise<Pair> => {
  const pair = await emulatedPair(options);
  pairs.push(pair);
  return pair;
};
afterEach(async () => {
  await Promise.all(pairs.splice(0).map((pair) => pair.close()));
});

describe('a migration between two emulated hosts', () => {
  it('converges while the guest writes, and the image arrives intact', async () => {
    const pair = await openPair();
    await pair.begin('m1', 80e6);
    const first = await pair.next('round_finished');
    expect(first).toMatchObject({ round: 0, migrationId: 'm1' });
    pair.source.nextRound('m1', 1, 80e6);
    const second = await pair.next('round_finished');
    expect(second).toMatchObject({ round: 1, transferredBytes: expect.any(Number) });
    pair.source.beginSwitchover('m1', null);
    await pair.next('vm_stopped');
    await pair.next('vm_resumed');
    expect(await pair.next('completed')).toMatchObject({ checkedPages: pair.memoryBytes / 4096 });
    expect(await pair.source.listVms()).toEqual([]);
    expect(await pair.destination.listVms()).toMatchObject([{ vmId: 'vm', state: 'running' }]);
    expect(await pair.damagedPages('destination')).toBe(0);
  });
});
