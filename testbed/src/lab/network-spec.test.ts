import { bitsPerSec } from '@sluice/units';
import { expect, it } from 'vitest';
import { LabFailure } from './lab-failure.ts';
import { checkSpec, type HostSpec, type NetworkSpec } from './network-spec.ts';

const rate = bitsPerSec(100_000_000);
const host = (name: string, number: number, port: number): HostSpec => ({
  name,
  kind: 'hypervisor',
  ip: `10.0.0.${number}/24`,
  mac: `02:00:00:00:00:0${number}`,
  switch: 's1',
  port,
  capacity: rate,
  floor: bitsPerSec(10_000_000),
});
const good: NetworkSpec = {
  switches: [
    { name: 's1', dpid: '0000000000000001' },
    { name: 's2', dpid: '0000000000000002' },
  ],
  hosts: [host('h1', 1, 1), host('h2', 2, 2)],
  links: [{ a: { switch: 's1', port: 3 }, b: { switch: 's2', port: 1 }, capacity: rate, floor: rate }],
};

const problemsOf = (spec: NetworkSpec): readonly string[] => {
  try {
    checkSpec(spec);
    return [];
  } catch (error) {
    return error instanceof LabFailure && error.detail.code === 'bad_spec' ? error.detail.problems : ['?'];
  }
};

it('a network whose names, ports and rates fit is taken', () => {
  expect(problemsOf(good)).toEqual([]);
});

it('every problem is said at once', () => {
  const bad: NetworkSpec = {
    switches: [...good.switches, { name: 's1', dpid: '0000000000000002' }],
    hosts: [host('h1', 1, 1), host('h 1', 1, 1), { ...host('h3', 3, 0), ip: '10.0.0.3' }],
    links: [
      { a: { switch: 's1', port: 3 }, b: { switch: 's9', port: 1 }, capacity: bitsPerSec(0), floor: rate },
    ],
  };
  expect(problemsOf(bad)).toEqual([
    'switch s1 is there twice',
    'dpid 0000000000000002 is there twice',
    'MAC 02:00:00:00:00:01 is there twice',
    'IP 10.0.0.1 is there twice',
    'host name "h 1" is not 1 to 40 letters, digits, "_", "." or "-"',
    'h3: 10.0.0.3 has no prefix length',
    'unknown switch s9',
    'port 0 of s1 is not 1 to 9999',
    'port s1:1 is there twice',
    's1-s9: floor 100000000 of capacity 0 bit/s',
  ]);
});
