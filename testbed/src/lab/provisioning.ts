/**
 * What whoever creates a port does for it: a linux-htb QoS with the applications' queue 0 and the control queue 2,
 * and a classifier in the kernel, because `set_queue` has no effect on the userspace datapath. Queue 1 belongs to
 * the controller, which adds, sizes and removes it later through OVSDB.
 *
 * The classifier's filter for queue 1 is set while its class does not exist. It then names the class without being
 * bound to it: HTB looks the class up for every packet, finds it as soon as the queue is there, and falls back to
 * queue 0 when it is gone. A filter set after the queue would be bound, and the kernel would refuse to remove the
 * class (EBUSY). So the QoS is always made anew before the filters.
 *
 * The buffers of queues 0 and 2 drop at their head. A buffer that drops at its tail reports ENOBUFS to the userspace
 * datapath, which then throws away the rest of its batch of up to 32 frames, those of the guaranteed queue among
 * them: with both kinds arriving through one port, a saturated queue 0 cut a 57 Mbit/s flow to 0.1.
 */
import { type BitsPerSec, bitsPerSec, smaller } from '@sluice/units';
import { run } from './command.ts';
import type { LabPort } from './mininet-network.ts';
import type { PrivateSwitchd } from './private-switchd.ts';

/** `unmanaged`: one queue at the link's rate, what a port has that nobody manages. */
export type ProvisionMode = 'managed' | 'unmanaged';

/** DSCP of reserved flows, from the local pool, so that no application uses it by chance. */
export const RESERVED_DSCP = 43;
/** ARP, RARP and LLDP need little, but at once. */
export const CONTROL_MIN_RATE = bitsPerSec(1_000_000);
/**
 * Buffer of an application queue: 30 ms of full frames at 100 Mbit/s. Room for what piles up while the daemon waits for a
 * processor; more would only be delay for everyone in the queue once it is squeezed to its floor.
 */
export const BUFFER_FRAMES = 250;
const CONTROL_PROTOCOLS = ['arp', '0x8035', '0x88cc'];

export interface ProvisionOptions {
  readonly port: LabPort;
  readonly mode: ProvisionMode;
  readonly switchd: PrivateSwitchd;
}

export async function provisionPort({ port, mode, switchd }: ProvisionOptions): Promise<void> {
  await clearQos(port.device, switchd);
  await switchd.vsctl(qosCommand(port, mode));
  const lines = [...bufferLines(port.device, mode), ...(mode === 'managed' ? filterLines(port.device) : [])];
  await run('tc', ['-n', port.namespace, '-batch', '-'], { input: lines.join('\n') });
}

/** Removes the port's QoS and the rows nobody refers to any more; the kernel's classes and filters go with it. */
async function clearQos(device: string, switchd: PrivateSwitchd): Promise<void> {
  const uuid = (await switchd.vsctl(['--bare', 'get', 'Port', device, 'qos'])).trim();
  if (!/^[0-9a-f-]{36}$/.test(uuid)) return;
  const queues = (await switchd.vsctl(['get', 'QoS', uuid, 'queues'])).match(/[0-9a-f-]{36}/g) ?? [];
  const destroy = queues.flatMap((queue) => ['--', 'destroy', 'Queue', queue]);
  await switchd.vsctl(['clear', 'Port', device, 'qos', '--', 'destroy', 'QoS', uuid, ...destroy]);
}

/** One transaction: rows that no port refers to never exist. */
export function qosCommand(port: LabPort, mode: ProvisionMode): readonly string[] {
  const max = `other-config:max-rate=${wholeRate(port.capacity)}`;
  const floor = smaller(port.floor, port.capacity);
  const control = smaller(CONTROL_MIN_RATE, port.capacity);
  // A queue without a min-rate would get Open vSwitch's smallest; an unmanaged port's only queue has the whole link.
  const applications = mode === 'managed' && floor > 0 ? floor : port.capacity;
  const managed = mode === 'managed';
  return [
    ...['set', 'Port', port.device, 'qos=@qos'],
    ...[
      '--',
      '--id=@qos',
      'create',
      'QoS',
      'type=linux-htb',
      max,
      'queues:0=@q0',
      ...(managed ? ['queues:2=@q2'] : []),
    ],
    ...['--', '--id=@q0', 'create', 'Queue', `other-config:min-rate=${wholeRate(applications)}`, max],
    ...(managed
      ? ['--', '--id=@q2', 'create', 'Queue', `other-config:min-rate=${wholeRate(control)}`, max]
      : []),
  ];
}

/** Queue N is class 1:(N+1). */
export const bufferLines = (device: string, mode: ProvisionMode): readonly string[] =>
  (mode === 'managed' ? [1, 3] : [1]).map(
    (minor) =>
      `qdisc replace dev ${device} parent 1:${minor} handle 1${minor}: pfifo_head_drop limit ${BUFFER_FRAMES}`,
  );

export const filterLines = (device: string): readonly string[] => [
  `filter add dev ${device} parent 1: protocol ip prio 10 u32 match ip tos ${dscpByte()} 0xfc flowid 1:2`,
  ...CONTROL_PROTOCOLS.map(
    (protocol, index) =>
      `filter add dev ${device} parent 1: protocol ${protocol} prio ${11 + index} u32 match u32 0 0 flowid 1:3`,
  ),
];

const dscpByte = (): string => `0x${(RESERVED_DSCP << 2).toString(16)}`;
const wholeRate = (rate: BitsPerSec): string => String(Math.floor(rate));
