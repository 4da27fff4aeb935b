/**
 * The network namespace of a run's switches. Every userspace datapath makes a device called `ovs-netdev`, so two of
 * them cannot live in one namespace; in its own, a lab meets neither the machine's Open vSwitch nor another lab.
 * A cable for management leads out of it: the controller listens at its outer end.
 */
import { run } from './command.ts';

export interface SwitchNamespace {
  readonly name: string;
  /** Address outside, where switches reach their controller. */
  readonly controllerIp: string;
}

export async function makeSwitchNamespace(prefix: string): Promise<SwitchNamespace> {
  const name = `${prefix}-switches`;
  const outside = `${prefix}m`;
  const { outer, inner } = managementAddresses(prefix);
  await run('ip', ['netns', 'add', name]);
  await run('ip', ['link', 'add', outside, 'type', 'veth', 'peer', 'name', 'mgmt0', 'netns', name]);
  await run('ip', ['address', 'add', `${outer}/30`, 'dev', outside]);
  await run('ip', ['link', 'set', outside, 'up']);
  const noIpv6 = ['all', 'default'].map((which) => `net.ipv6.conf.${which}.disable_ipv6=1`);
  await run('nsenter', [`--net=/run/netns/${name}`, 'sysctl', '-qw', ...noIpv6]);
  const inside = ['link set lo up', `address add ${inner}/30 dev mgmt0`, 'link set mgmt0 up'];
  await run('ip', ['-n', name, '-batch', '-'], { input: inside.join('\n') });
  return { name, controllerIp: outer };
}

/** The last two octets of the link-local net are the prefix's, so that labs side by side differ. */
export function managementAddresses(prefix: string): { readonly outer: string; readonly inner: string } {
  const number = Number.parseInt(prefix.slice(2), 16);
  const third = number >> 8;
  const fourth = number & 0xfc;
  // 169.254.169.254 is where clouds answer for metadata; the first and the last net of the block are reserved.
  const free = third === 0 || third === 169 || third === 255 ? 170 : third;
  return { outer: `169.254.${free}.${fourth + 1}`, inner: `169.254.${free}.${fourth + 2}` };
}
