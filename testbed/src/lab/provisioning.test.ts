import { bitsPerSec } from '@sluice/units';
import { expect, it } from 'vitest';
import type { LabPort } from './mininet-network.ts';
import { bufferLines, filterLines, qosCommand } from './provisioning.ts';

const port: LabPort = {
  switch: 's1',
  dpid: '0000000000000001',
  portNo: 2,
  namespace: 'sl0000-switches',
  device: 'sl0000s1p2',
  capacity: bitsPerSec(100_000_000.9),
  floor: bitsPerSec(20_000_000),
  peer: 'h1',
};
const created = (args: readonly string[]) => args.filter((arg) => /(rate=|queues:)/.test(arg));

it('a managed port promises the floor to queue 0 and little to control, and leaves queue 1 to the controller', () => {
  expect(created(qosCommand(port, 'managed'))).toEqual([
    'other-config:max-rate=100000000',
    'queues:0=@q0',
    'queues:2=@q2',
    'other-config:min-rate=20000000',
    'other-config:max-rate=100000000',
    'other-config:min-rate=1000000',
    'other-config:max-rate=100000000',
  ]);
});

it('an unmanaged port has one queue with the whole link', () => {
  expect(created(qosCommand(port, 'unmanaged'))).toEqual([
    'other-config:max-rate=100000000',
    'queues:0=@q0',
    'other-config:min-rate=100000000',
    'other-config:max-rate=100000000',
  ]);
});

it('DSCP 43 goes to the class of queue 1, control protocols to that of queue 2', () => {
  expect(filterLines('sl0000s1p2')).toEqual([
    'filter add dev sl0000s1p2 parent 1: protocol ip prio 10 u32 match ip tos 0xac 0xfc flowid 1:2',
    'filter add dev sl0000s1p2 parent 1: protocol arp prio 11 u32 match u32 0 0 flowid 1:3',
    'filter add dev sl0000s1p2 parent 1: protocol 0x8035 prio 12 u32 match u32 0 0 flowid 1:3',
    'filter add dev sl0000s1p2 parent 1: protocol 0x88cc prio 13 u32 match u32 0 0 flowid 1:3',
  ]);
});

it('buffers drop at their head, except that of queue 1, which is not there yet', () => {
  expect(bufferLines('sl0000s1p2', 'managed')).toEqual([
    'qdisc replace dev sl0000s1p2 parent 1:1 handle 11: pfifo_head_drop limit 250',
    'qdisc replace dev sl0000s1p2 parent 1:3 handle 13: pfifo_head_drop limit 250',
  ]);
  expect(bufferLines('sl0000s1p2', 'unmanaged')).toHaveLength(1);
});
