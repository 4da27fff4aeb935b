import { expect, it } from 'vitest';
import { TCP_ALLOWED, WMEM_DEFAULT, wantedSysctls } from './sysctl.ts';

it('a machine with the small send buffer and without cubic gets both', () => {
  expect(wantedSysctls({ wmemDefault: '212992', tcpAllowed: 'reno bbr' })).toEqual(
    new Map([
      [WMEM_DEFAULT, '33554432'],
      [TCP_ALLOWED, 'reno bbr cubic'],
    ]),
  );
});

it('a machine that has enough is left alone', () => {
  expect(wantedSysctls({ wmemDefault: '67108864', tcpAllowed: 'reno cubic' })).toEqual(new Map());
});
