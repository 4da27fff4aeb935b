import { describe, expect, it } from 'vitest';
import { fakeRunner } from '../run-command.ts';
import { linuxGuestNetwork } from './guest-network.ts';

const guest = {
  mac: '02:00:00:00:01:01',
  ip: '10.0.0.101',
  prefixLength: 24,
  network: {
    namespace: 'vm-web',
    hostDevice: 'v-web',
    gateway: '10.0.0.254',
    congestionControl: 'cubic',
    neighbours: [{ ip: '10.0.0.9', mac: '02:00:00:00:00:09' }],
  },
};

describe("a guest's network", () => {
  it('is created with its namespace, its addresses and its port on the bridge', async () => {
    const runner = fakeRunner();
    await linuxGuestNetwork({ namespace: 'h1', bridge: 'br0' }, runner).create(guest);
    expect(runner.lines.join('\n')).toMatchInlineSnapshot(`
      "ip netns add vm-web
      ip -n h1 -batch - << link add name v-web type veth peer name eth0 address 02:00:00:00:01:01 netns vm-web
      link set dev v-web addrgenmode none
      ip -n vm-web -batch - << link set dev lo up
      link set dev eth0 addrgenmode none
      addr add 10.0.0.101/24 dev eth0
      link set dev eth0 up
      route add default via 10.0.0.254
      neigh replace 10.0.0.9 lladdr 02:00:00:00:00:09 nud permanent dev eth0
      ip netns exec vm-web sysctl -qw net.ipv4.conf.eth0.arp_notify=1 net.ipv4.tcp_congestion_control=cubic
      ip netns exec vm-web ethtool -K eth0 tx off
      ip netns exec h1 ethtool -K v-web tx off
      ip -n h1 -batch - << link set dev v-web master br0 up"
    `);
  });

  it('moves with two commands, because they count in the downtime', async () => {
    const runner = fakeRunner();
    await linuxGuestNetwork({ namespace: 'h2', bridge: 'br0' }, runner).takeOver(guest, 'h1');
    expect(runner.lines).toEqual([
      'ip -n h1 link set dev v-web netns h2',
      'ip -n h2 -batch - << link set dev v-web master br0 up',
    ]);
  });

  it('is removed even when half of it is gone already', async () => {
    const runner = fakeRunner((line) => {
      if (line.includes('link del')) throw new Error('Cannot find device');
      return '';
    });
    await linuxGuestNetwork({ namespace: 'h1', bridge: 'br0' }, runner).destroy(guest);
    expect(runner.lines).toEqual(['ip -n h1 link del dev v-web', 'ip netns del vm-web']);
  });
});
