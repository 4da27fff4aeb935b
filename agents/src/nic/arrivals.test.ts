import { describe, expect, it } from 'vitest';
import { CommandFailure, fakeRunner } from '../run-command.ts';
import { bridgeArrivals } from './arrivals.ts';

const web = { mac: '02:00:00:00:01:01', device: 'tap1' };
const db = { mac: '02:00:00:00:01:02', device: 'tap2' };
const show = 'tc -json filter show dev eth0 ingress';
const clsact = 'tc qdisc add dev eth0 clsact';
const added = (pref: number, { mac, device }: typeof web) =>
  `tc filter add dev eth0 ingress pref ${pref} protocol all u32 match ether dst ${mac} action mirred egress redirect dev ${device}`;
const removed = (pref: number) => `tc filter del dev eth0 ingress pref ${pref}`;

function arrivals(answer: (line: string) => string = () => '') {
  const runner = fakeRunner(answer);
  return { runner, arrivals: bridgeArrivals({ device: 'eth0', runner }) };
}

describe('a VM that is arriving', () => {
  it('gets what comes for it by the NIC until the bridge knows that it is here', async () => {
    const { runner, arrivals: host } = arrivals();
    await host.expect('m1', web);
    await host.arrived('m1');
    const known = 'bridge fdb replace 02:00:00:00:01:01 dev tap1 master dynamic';
    expect(runner.lines).toEqual([clsact, added(49_000, web), known, removed(49_000)]);
  });

  it('that does not come is forgotten, once', async () => {
    const { runner, arrivals: host } = arrivals();
    await host.expect('m1', web);
    await host.expect('m2', db);
    await host.forget('m1');
    await host.forget('m1');
    await host.close();
    const lines = [clsact, added(49_000, web), clsact, added(49_001, db), removed(49_000), removed(49_001)];
    expect(runner.lines).toEqual(lines);
  });

  it('is expected also where somebody else has an ingress already', async () => {
    const { runner, arrivals: host } = arrivals((line) => {
      if (line === clsact) throw new CommandFailure('tc', [], 'Error: Exclusivity flag on, cannot modify.');
      return '';
    });
    await host.expect('m1', web);
    expect(runner.lines).toEqual([clsact, added(49_000, web)]);
  });

  it('when its port cannot be reached, is not expected', async () => {
    const { arrivals: host } = arrivals((line) => {
      if (line.startsWith('tc filter add')) throw new CommandFailure('tc', [], 'Cannot find device "tap1"');
      return '';
    });
    await expect(host.expect('m1', web)).rejects.toThrow('Cannot find device');
  });

  it('leaves nothing of an agent that was killed, and everything of others', async () => {
    const filters = [{ pref: 10, kind: 'bpf' }, { pref: 49_003 }, { pref: 49_003, options: {} }];
    const { runner, arrivals: host } = arrivals((line) => (line === show ? JSON.stringify(filters) : ''));
    await host.start();
    expect(runner.lines).toEqual([show, removed(49_003)]);
  });
});
