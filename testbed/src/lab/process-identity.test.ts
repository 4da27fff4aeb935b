import { expect, it } from 'vitest';
import { identityOf, isAlive, parseStat } from './process-identity.ts';

/** Fields 4 to 21 of /proc/PID/stat, which say nothing about identity. */
const BETWEEN = Array.from({ length: 18 }, () => '0').join(' ');

it('a command name with spaces and parentheses does not shift the start time', () => {
  expect(parseStat(7, `7 (a) b (c) S ${BETWEEN} 4711 0 0\n`)).toEqual({ pid: 7, startTicks: 4711 });
});

it('a process that only waits for its parent has no identity', () => {
  expect(parseStat(7, `7 (a) Z ${BETWEEN} 4711 0 0\n`)).toBeNull();
});

it.runIf(process.platform === 'linux')('another process under the same pid is not the same', () => {
  const me = identityOf(process.pid);
  expect(me).not.toBeNull();
  if (me === null) return;
  expect(isAlive(me)).toBe(true);
  expect(isAlive({ ...me, startTicks: me.startTicks + 1 })).toBe(false);
});
