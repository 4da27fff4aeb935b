import { describe, expect, it } from 'vitest';
import { Chains, LatestWins } from './chains.ts';

const gate = () => {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
};

describe('chains', () => {
  it('keep the order under one name and do not wait for other names', async () => {
    const chains = new Chains();
    const done: string[] = [];
    const { open, opened } = gate();
    const first = chains.run('a', async () => {
      await opened;
      done.push('a1');
    });
    const second = chains.run('a', async () => void done.push('a2'));
    await chains.run('b', async () => void done.push('b1'));
    expect(done).toEqual(['b1']);
    open();
    await Promise.all([first, second]);
    expect(done).toEqual(['b1', 'a1', 'a2']);
  });

  it('go on after work that failed, and are idle when nothing is left', async () => {
    const chains = new Chains();
    const done: string[] = [];
    void chains.run('a', () => Promise.reject(new Error('lost')));
    void chains.run('a', async () => {
      void chains.run('a', async () => void done.push('added meanwhile'));
    });
    await chains.idle();
    expect(done).toEqual(['added meanwhile']);
  });
});

describe('latest wins', () => {
  it('carries out the first wish and the newest, nothing in between', async () => {
    const { open, opened } = gate();
    const done: number[] = [];
    const wishes = new LatestWins<number>(async (wish) => {
      await opened;
      done.push(wish);
    });
    for (const wish of [1, 2, 3, 4]) wishes.want(wish);
    open();
    await wishes.idle();
    expect(done).toEqual([1, 4]);
    wishes.want(5);
    await wishes.idle();
    expect(done).toEqual([1, 4, 5]);
  });
});
