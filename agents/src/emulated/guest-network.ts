/**
 * The network of an emulated VM: a namespace of its own whose eth0 is one end of a veth; the other end is a port of
 * the bridge in its host's namespace. Pausing takes the host's end down, because a frozen process's kernel still
 * answers pings; moving hands the host's end to the destination's namespace, so IP, MAC and TCP connections survive.
 */
import type { VmConfig } from '../config.ts';
import type { CommandRunner } from '../run-command.ts';

export interface HostNetwork {
  readonly namespace: string;
  readonly bridge: string;
}

export interface GuestAddress {
  readonly mac: string;
  readonly ip: string;
  readonly prefixLength: number;
  readonly network: NonNullable<VmConfig['network']>;
}

export interface GuestNetwork {
  /** Namespace, veth, addresses; ends with the VM reachable on the bridge. */
  create(guest: GuestAddress): Promise<void>;
  /** Removes what `create` made; what is already gone is no error. */
  destroy(guest: GuestAddress): Promise<void>;
  /** Nothing reaches the VM any more. */
  isolate(guest: GuestAddress): Promise<void>;
  /** The opposite of isolate, at the host that holds the veth. */
  reconnect(guest: GuestAddress): Promise<void>;
  /** Fetches the host's end of the veth out of another host's namespace and connects it here. */
  takeOver(guest: GuestAddress, fromNamespace: string): Promise<void>;
  /** Tells the network where the VM is now (gratuitous ARP), as a hypervisor does after a migration. */
  announce(guest: GuestAddress): Promise<void>;
  /** Returns it after a take-over that failed half-way. */
  giveBack(guest: GuestAddress, toNamespace: string): Promise<void>;
}

/** For a VM without a network. */
export const noNetwork: GuestNetwork = {
  create: async () => undefined,
  destroy: async () => undefined,
  isolate: async () => undefined,
  reconnect: async () => undefined,
  takeOver: async () => undefined,
  announce: async () => undefined,
  giveBack: async () => undefined,
};

export function linuxGuestNetwork(host: HostNetwork, runner: CommandRunner): GuestNetwork {
  const ip = (...args: string[]) => runner.run('ip', args);
  const batch = (namespace: string, lines: readonly string[]) =>
    runner.run('ip', ['-n', namespace, '-batch', '-'], `${lines.join('\n')}\n`);
  const up = (device: string) => `link set dev ${device} master ${host.bridge} up`;

  async function furnish({
    mac,
    ip: address,
    prefixLength,
    network: { namespace, hostDevice, ...inside },
  }: GuestAddress): Promise<void> {
    await batch(host.namespace, [
      `link add name ${hostDevice} type veth peer name eth0 address ${mac} netns ${namespace}`,
      `link set dev ${hostDevice} addrgenmode none`,
    ]);
    await batch(namespace, [
      'link set dev lo up',
      'link set dev eth0 addrgenmode none',
      `addr add ${address}/${prefixLength} dev eth0`,
      'link set dev eth0 up',
      ...(inside.gateway === null ? [] : [`route add default via ${inside.gateway}`]),
      ...inside.neighbours.map(
        (neighbour) => `neigh replace ${neighbour.ip} lladdr ${neighbour.mac} nud permanent dev eth0`,
      ),
    ]);
    const sysctls = ['net.ipv4.conf.eth0.arp_notify=1'];
    if (inside.congestionControl !== null)
      sysctls.push(`net.ipv4.tcp_congestion_control=${inside.congestionControl}`);
    await runner.run('ip', ['netns', 'exec', namespace, 'sysctl', '-qw', ...sysctls]);
    // Checksums left to hardware that is not there would arrive wrong behind a userspace switch.
    await runner.run('ip', ['netns', 'exec', namespace, 'ethtool', '-K', 'eth0', 'tx', 'off']);
    await runner.run('ip', ['netns', 'exec', host.namespace, 'ethtool', '-K', hostDevice, 'tx', 'off']);
    await batch(host.namespace, [up(hostDevice)]);
  }

  async function destroy({ network: { namespace, hostDevice } }: GuestAddress): Promise<void> {
    await ip('-n', host.namespace, 'link', 'del', 'dev', hostDevice).catch(() => undefined);
    await ip('netns', 'del', namespace).catch(() => undefined);
  }

  return {
    async create(guest) {
      // An existing namespace of that name is somebody else's: then nothing is touched.
      await ip('netns', 'add', guest.network.namespace);
      await furnish(guest).catch(async (error) => {
        await destroy(guest);
        throw error;
      });
    },
    destroy,
    async isolate({ network }) {
      await batch(host.namespace, [`link set dev ${network.hostDevice} down`]);
    },
    async reconnect({ network }) {
      await batch(host.namespace, [up(network.hostDevice)]);
    },
    async takeOver({ network: { hostDevice } }, fromNamespace) {
      await ip('-n', fromNamespace, 'link', 'set', 'dev', hostDevice, 'netns', host.namespace);
      await batch(host.namespace, [up(hostDevice)]);
    },
    async announce({ mac, network: { namespace } }) {
      // Setting the address that it has makes a kernel with arp_notify announce it.
      await ip('-n', namespace, 'link', 'set', 'dev', 'eth0', 'address', mac);
    },
    async giveBack({ network: { hostDevice } }, toNamespace) {
      await ip('-n', host.namespace, 'link', 'set', 'dev', hostDevice, 'netns', toNamespace);
    },
  };
}
