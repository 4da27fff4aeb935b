import { bitsPerSec } from '@sluice/units';
import { describe, expect, it } from 'vitest';
import { fakeRunner } from '../run-command.ts';
import { htbShaper, NicFailure } from './shaping.ts';

const TO = { ip: '10.0.0.2', port: 40_000 };
const shaperOver = (answer?: (line: string) => string) => {
  const runner = fakeRunner(answer);
  const nic = htbShaper({ device: 'h1-eth0', capacity: bitsPerSec(100e6), runner });
  const since = () => runner.lines.splice(0);
  return { nic, since };
};

describe('HTB on the NIC', () => {
  it('is built with applications, control and nothing else', async () => {
    const { nic, since } = shaperOver();
    await nic.start();
    expect(since().join('\n')).toMatchInlineSnapshot(`
      "tc -j qdisc show dev h1-eth0
      tc qdisc add dev h1-eth0 root handle 1: htb default 0x10
      tc class add dev h1-eth0 parent 1: classid 1:1 htb rate 100000000bit ceil 100000000bit burst 25000b cburst 25000b quantum 15140
      tc class add dev h1-eth0 parent 1:1 classid 1:10 htb rate 99500000bit ceil 100000000bit burst 24875b cburst 25000b quantum 15140
      tc class add dev h1-eth0 parent 1:1 classid 1:20 htb rate 500000bit ceil 100000000bit burst 1600b cburst 25000b quantum 15140
      tc filter add dev h1-eth0 parent 1: protocol arp pref 1 u32 match u32 0 0 flowid 1:20
      tc filter add dev h1-eth0 parent 1: protocol 0x8035 pref 2 u32 match u32 0 0 flowid 1:20"
    `);
  });

  it('gets a class per migration; applications give up their guarantee first', async () => {
    const { nic, since } = shaperOver();
    await nic.add('m', TO, bitsPerSec(60e6));
    expect(since().join('\n')).toMatchInlineSnapshot(`
      "tc class change dev h1-eth0 parent 1:1 classid 1:10 htb rate 39500000bit ceil 100000000bit burst 9875b cburst 25000b quantum 15140
      tc class add dev h1-eth0 parent 1:1 classid 1:100 htb rate 60000000bit ceil 60000000bit burst 15000b cburst 15000b quantum 15140
      tc filter add dev h1-eth0 parent 1: protocol ip pref 256 u32 match ip protocol 6 0xff match ip dst 10.0.0.2/32 match ip dport 40000 0xffff flowid 1:100"
    `);
  });

  it('takes memory and disks of a migration into one class, because their ports are neighbours', async () => {
    const { nic, since } = shaperOver();
    await nic.add('m', { ip: '10.0.0.2', port: 40_001, storagePort: 40_000 }, bitsPerSec(60e6));
    expect(since().at(-1)).toContain('match ip dst 10.0.0.2/32 match ip dport 40000 0xfffe flowid 1:100');
    const apart = { ip: '10.0.0.2', port: 40_001, storagePort: 40_002 };
    await expect(nic.add('n', apart, bitsPerSec(1e6))).rejects.toThrow(/differ in the last bit/);
  });

  it('raises a migration after applications went down, and lowers it before they go up', async () => {
    const { nic, since } = shaperOver();
    await nic.add('m', TO, bitsPerSec(60e6));
    since();
    const classes = () => since().map((line) => /classid (\S+) htb rate (\d+)bit/.exec(line)?.slice(1));
    await nic.setRate('m', bitsPerSec(70e6));
    expect(classes()).toEqual([
      ['1:10', '29500000'],
      ['1:100', '70000000'],
    ]);
    await nic.setRate('m', bitsPerSec(40e6));
    expect(classes()).toEqual([
      ['1:100', '40000000'],
      ['1:10', '59500000'],
    ]);
    await nic.setRate('m', bitsPerSec(40e6));
    expect(since()).toEqual([]);
  });

  it('never guarantees more than the NIC has', async () => {
    const { nic, since } = shaperOver();
    await nic.add('a', TO, bitsPerSec(60e6));
    since();
    await expect(nic.add('b', { ...TO, port: 2 }, bitsPerSec(40e6))).rejects.toMatchObject({
      code: 'overcommitted',
    });
    expect(since()).toEqual([]);
    await expect(nic.setRate('a', bitsPerSec(100e6))).rejects.toThrow(NicFailure);
    await nic.add('b', { ...TO, port: 2 }, bitsPerSec(39e6));
    expect(since().filter((line) => line.includes('classid 1:101'))).toHaveLength(1);
  });

  it('only counts a migration without a reservation, in the queue of the applications', async () => {
    const { nic, since } = shaperOver((line) =>
      line.includes('-j filter')
        ? '[{"pref":257,"options":{"fh":"800:"}},{"options":{"actions":[{"kind":"gact","stats":{"bytes":4711}}]}}]'
        : '',
    );
    await nic.add('m', TO, null);
    expect(since()).toEqual([
      'tc filter add dev h1-eth0 parent 1: protocol ip pref 257 u32 match ip protocol 6 0xff match ip dst 10.0.0.2/32 match ip dport 40000 0xffff flowid 1:10 action ok',
    ]);
    expect(await nic.wireBytes('m')).toBe(4711);
  });

  it('counts by mirroring to the loopback device where the kernel has no simpler action', async () => {
    const { nic, since } = shaperOver((line) => {
      if (line.endsWith('action ok')) throw new Error('Failed to load TC action module');
      return '';
    });
    await nic.add('m', TO, null);
    await nic.add('n', { ...TO, port: 2 }, null);
    expect(since().map((line) => line.slice(line.indexOf('action')))).toEqual([
      'action ok',
      'action mirred egress mirror dev lo',
      'action mirred egress mirror dev lo',
    ]);
  });

  it('reads what a class has sent', async () => {
    const { nic } = shaperOver((line) =>
      line.startsWith('tc -s class')
        ? 'class htb 1:100 parent 1:1 prio 0 rate 60Mbit ceil 60Mbit \n Sent 188553111 bytes 136148 pkt (dropped 0)\n'
        : '',
    );
    await nic.add('m', TO, bitsPerSec(60e6));
    expect(await nic.wireBytes('m')).toBe(188_553_111);
    expect(await nic.wireBytes('other')).toBeUndefined();
  });

  it('moves a migration from its class to the common queue, adding both counts', async () => {
    const { nic, since } = shaperOver((line) => {
      if (line.startsWith('tc -s class')) return 'class htb 1:100 parent 1:1\n Sent 1000 bytes 1 pkt\n';
      if (line.includes('-j filter')) return '[{"options":{"actions":[{"stats":{"bytes":200}}]}}]';
      return '';
    });
    await nic.add('m', TO, bitsPerSec(60e6));
    since();
    await nic.setRate('m', null);
    expect(since().map((line) => line.split(' ').slice(1, 3).join(' '))).toEqual([
      'filter add',
      'filter del',
      'class change',
      'class change',
    ]);
    expect(await nic.wireBytes('m')).toBe(1200);
  });

  it('keeps the way back of an incoming migration out of the queue of applications', async () => {
    const { nic, since } = shaperOver();
    await nic.addIncoming('m', { ip: '10.0.0.1', port: 40_000 });
    expect(since()).toEqual([
      expect.stringContaining('classid 1:10 htb rate 96500000bit'),
      expect.stringContaining('classid 1:100 htb rate 3000000bit ceil 100000000bit'),
      expect.stringMatching(/match ip src 10.0.0.1\/32 match ip sport 40000 0xffff flowid 1:100$/),
    ]);
    await nic.remove('m');
    expect(since()).toHaveLength(3);
  });

  it('removes what belongs to a migration when it ends, once', async () => {
    const { nic, since } = shaperOver();
    await nic.add('m', TO, bitsPerSec(60e6));
    since();
    await nic.remove('m');
    expect(since()).toEqual([
      'tc filter del dev h1-eth0 parent 1: protocol ip pref 256',
      'tc class del dev h1-eth0 classid 1:100',
      expect.stringContaining('classid 1:10 htb rate 99500000bit'),
    ]);
    await nic.remove('m');
    expect(since()).toEqual([]);
  });

  it('replaces what an earlier agent left and refuses what is somebody else’s', async () => {
    const ours = '[{"kind":"htb","handle":"1:","root":true,"options":{"default":"0x10"}}]';
    const left = shaperOver((line) => (line.includes('qdisc show') ? ours : ''));
    await left.nic.start();
    expect(left.since()[1]).toBe('tc qdisc del dev h1-eth0 root');
    const foreign = [
      '[{"kind":"htb","handle":"5:","root":true,"options":{"default":"0x1"}}]',
      '[{"kind":"htb","handle":"1:","root":true,"options":{"default":"0x1"}}]',
      '[{"kind":"tbf","handle":"10:","root":true,"options":{}}]',
    ];
    for (const shown of foreign) {
      const { nic, since } = shaperOver(() => shown);
      await expect(nic.start()).rejects.toMatchObject({ code: 'foreign_qdisc' });
      expect(since()).toHaveLength(1);
    }
  });

  it('keeps a floor for what its VMs send while a migration asks for it, the largest one', async () => {
    const { nic, since } = shaperOver();
    await nic.setGuests(['02:00:00:00:01:02', '02:00:00:00:01:01']);
    expect(since()).toEqual([]);
    await nic.keepFloor('m', bitsPerSec(10_508_000));
    expect(since().join('\n')).toMatchInlineSnapshot(`
      "tc class change dev h1-eth0 parent 1:1 classid 1:10 htb rate 89500000bit ceil 100000000bit burst 22375b cburst 25000b quantum 15140
      tc class add dev h1-eth0 parent 1:1 classid 1:30 htb rate 10000000bit ceil 100000000bit burst 2500b cburst 25000b quantum 15140
      tc filter add dev h1-eth0 parent 1: protocol all pref 1024 u32 match ether src 02:00:00:00:01:01 flowid 1:30
      tc filter add dev h1-eth0 parent 1: protocol all pref 1024 u32 match ether src 02:00:00:00:01:02 flowid 1:30"
    `);
    await nic.keepFloor('n', bitsPerSec(5e6));
    expect(since()).toEqual([]);
    await nic.keepFloor('n', bitsPerSec(20_508_000));
    expect(since()).toEqual([
      expect.stringContaining('classid 1:10 htb rate 79500000bit'),
      expect.stringContaining(
        'class change dev h1-eth0 parent 1:1 classid 1:30 htb rate 20000000bit ceil 100000000bit',
      ),
    ]);
    await nic.remove('n');
    await nic.remove('m');
    expect(since().slice(-3)).toEqual([
      'tc filter del dev h1-eth0 parent 1: protocol all pref 1024',
      'tc class del dev h1-eth0 classid 1:30',
      expect.stringContaining('classid 1:10 htb rate 99500000bit'),
    ]);
  });

  it('follows the VMs that come and go while there is a floor', async () => {
    const { nic, since } = shaperOver();
    await nic.keepFloor('m', bitsPerSec(10e6));
    since();
    await nic.setGuests(['02:00:00:00:01:01']);
    await nic.setGuests(['02:00:00:00:01:01']);
    expect(since()).toHaveLength(1);
    await nic.setGuests([]);
    expect(since()).toEqual(['tc filter del dev h1-eth0 parent 1: protocol all pref 1024']);
  });

  it('fits a floor and reservations that fill the NIC', async () => {
    const { nic } = shaperOver();
    await nic.keepFloor('m', bitsPerSec(10e6));
    await nic.add('m', TO, bitsPerSec(90e6));
    await expect(nic.keepFloor('m', bitsPerSec(11e6))).rejects.toMatchObject({ code: 'overcommitted' });
  });
});
