import { describe, expect, it } from 'vitest';
import { RECONNECT_DELAY_MAX_MS, RECONNECT_DELAY_MIN_MS, reconnectDelayMs } from './backoff.ts';
import { formatEndpoint, parseEndpoint, parseEndpoints } from './endpoint.ts';

describe('endpoints', () => {
  it('are read and written in the notation of Open vSwitch', () => {
    for (const text of ['unix:/run/db.sock', 'tcp:127.0.0.1:6640', 'tcp:[::1]:6640', 'ssl:ovs.example:6640'])
      expect(formatEndpoint(parseEndpoint(text))).toBe(text);
  });
  it('may be several, as a list or with commas', () => {
    const written = (endpoints: Parameters<typeof parseEndpoints>[0]) =>
      parseEndpoints(endpoints).map(formatEndpoint);
    expect(written('tcp:a:1,unix:/b,c,ssl:[::1]:2')).toEqual(['tcp:a:1', 'unix:/b,c', 'ssl:[::1]:2']);
    expect(written(['tcp:a:1,tcp:b:2', { kind: 'unix', path: '/c' }])).toEqual([
      'tcp:a:1',
      'tcp:b:2',
      'unix:/c',
    ]);
    expect(() => parseEndpoints([])).toThrow(RangeError);
    expect(() => parseEndpoints('tcp:a:1,')).toThrow(RangeError);
  });
  it('are refused when they are anything else', () => {
    for (const text of [
      '',
      'unix:db.sock',
      'tcp:host',
      'tcp:host:0',
      'tcp:host:65536',
      'http:host:1',
      'tcp:::1:5',
    ])
      expect(() => parseEndpoint(text)).toThrow(RangeError);
  });
});

describe('the back-off', () => {
  it('doubles from the smallest to the largest delay and draws from the upper half', () => {
    const delays = (random: () => number) =>
      [1, 2, 3, 50, 5000].map((failures) => reconnectDelayMs(failures, { random }));
    const most = [RECONNECT_DELAY_MIN_MS, 200, 400, RECONNECT_DELAY_MAX_MS, RECONNECT_DELAY_MAX_MS];
    expect(delays(() => 1)).toEqual(most);
    expect(delays(() => 0)).toEqual(most.map((delay) => delay / 2));
  });
});
