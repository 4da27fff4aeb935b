import { expect, it } from 'vitest';
import { Turns } from './turns.ts';

const ignore = () => undefined;

it('does one thing after another, and goes on after one that fails', async () => {
  const troubles: unknown[] = [];
  const done: string[] = [];
  const turns = new Turns((error) => {
    troubles.push(error);
  });
  let release: () => void = ignore;
  turns.take(async () => {
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    done.push('first');
  });
  turns.take(() => {
    throw new Error('refused');
  });
  turns.take(() => {
    done.push('third');
  });
  await Promise.resolve();
  expect(done).toEqual([]);
  release();
  await turns.settled();
  expect(done).toEqual(['first', 'third']);
  expect(troubles).toEqual([new Error('refused')]);
});

it('has one look waiting at the most', async () => {
  let looks = 0;
  const look = () => {
    looks += 1;
  };
  const turns = new Turns(ignore);
  for (let i = 0; i < 5; i++) turns.lookSoon(look);
  await turns.settled();
  expect(looks).toBe(1);
  turns.lookSoon(look);
  await turns.settled();
  expect(looks).toBe(2);
});

it('does nothing more once the migration is over, not even what was waiting', async () => {
  const done: string[] = [];
  const turns = new Turns(ignore);
  turns.take(() => turns.end());
  turns.take(() => {
    done.push('late');
  });
  await turns.settled();
  expect(turns.isOver).toBe(true);
  expect(done).toEqual([]);
});
