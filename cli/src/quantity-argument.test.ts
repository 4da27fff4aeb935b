import { describe, expect, it } from 'vitest';
import { parseDuration, parseRate, parseVolume } from './quantity-argument.ts';

describe('rates on the command line', () => {
  it.each([
    ['60Mbit/s', 60e6],
    ['60 Mbit', 60e6],
    ['7.5MB/s', 60e6],
    ['100MiB/s', 100 * 2 ** 20 * 8],
    ['512kbit/s', 512e3],
    ['1Gbit', 1e9],
    ['9600bit/s', 9600],
  ])('%s is %d bit/s', (text, expected) => {
    expect(parseRate(text)).toBe(expected);
  });
  it.each([
    ['60', /needs its unit/],
    ['60000000', /needs its unit/],
    ['60Mbps', /bits to some and bytes to others/],
    ['60MBps', /bits to some and bytes to others/],
    ['60M', /Not a rate/],
    ['-5Mbit/s', /Not a rate/],
    ['fast', /Not a rate/],
    ['', /Not a rate/],
  ])('%s is refused with an example', (text, message) => {
    expect(() => parseRate(text)).toThrow(message);
    expect(() => parseRate(text)).toThrow(/60Mbit\/s/);
  });
});

describe('times on the command line', () => {
  it.each([
    ['300ms', 300],
    ['60s', 60_000],
    ['2min', 120_000],
    ['1.5h', 5_400_000],
  ])('%s is %d ms', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });
  it('a bare number is refused', () => {
    expect(() => parseDuration('60')).toThrow(/needs its unit/);
  });
});

describe('sizes on the command line', () => {
  it.each([
    ['128MiB', 128 * 2 ** 20],
    ['131064KiB', 131_064 * 2 ** 10],
    ['40 MB', 40e6],
    ['64B', 64],
  ])('%s is %d bytes', (text, expected) => {
    expect(parseVolume(text)).toBe(expected);
  });
  it.each(['64', '128M', '5Mbit', '-1MiB', ''])('%s is refused', (text) => {
    expect(() => parseVolume(text)).toThrow(/needs its unit/);
  });
});
