import { expect, it } from 'vitest';
import { KeyedQueue } from './keyed-queue.ts';

it('jobs that share a key keep their order, also after a failure; others do not wait', async () => {
  const queue = new KeyedQueue();
  const log: string[] = [];
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const first = queue.run(['a', 'b'], async () => {
    await gate;
    log.push('first');
    throw new Error('no');
  });
  const second = queue.run(['b', 'c'], async () => log.push('second'));
  const third = queue.run(['c'], async () => log.push('third'));
  await queue.run(['d'], async () => log.push('apart'));
  expect(log).toEqual(['apart']);
  release();
  await expect(first).rejects.toThrow('no');
  await Promise.all([second, third]);
  expect(log).toEqual(['apart', 'first', 'second', 'third']);
});
