import { describe, expect, it } from 'vitest';
import { diffLines } from './diff.ts';

const shown = (expected: string, found: string) =>
  diffLines(expected, found).map(({ sign, text }) => `${sign}${text}`);

describe('the difference of two texts', () => {
  it('is nothing when they are the same', () => {
    expect(shown('a\nb', 'a\nb')).toEqual([]);
  });
  it('shows what went and what came, with lines around', () => {
    expect(shown('1\n2\n3\n4\n5\n6\n7', '1\n2\n3\nfour\n5\n6\n7')).toEqual([
      ' …',
      ' 2',
      ' 3',
      '-4',
      '+four',
      ' 5',
      ' 6',
    ]);
  });
  it('finds lines that were only put in between', () => {
    expect(shown('a\nb\nc', 'a\nx\nb\nc\ny')).toEqual([' a', '+x', ' b', ' c', '+y']);
  });
});
