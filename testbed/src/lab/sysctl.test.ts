import { expect, it } from 'vitest';
import { TCP_ALLOWED, wantedSysctls } from './sysctl.ts';

const machine = (send: string, receive: string, allowed: string) =>
  new Map([
    ['net.core.wmem_default', send],
    ['net.core.rmem_default', receive],
    [TCP_ALLOWED, allowed],
  ]);

it('a machine with small socket buffers and without cubic gets both', () => {
  expect(wantedSysctls(machine('212992', '212992', 'reno bbr'))).toEqual(
    machine('33554432', '8388608', 'reno bbr cubic'),
  );
});

it('a machine that has enough is left alone', () => {
  expect(wantedSysctls(machine('67108864', '8388608', 'reno cubic'))).toEqual(new Map());
});
