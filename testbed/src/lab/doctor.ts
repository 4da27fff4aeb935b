/** What `sluice doctor` asks the machine, one answer per need of the lab. */
import { formatRate } from '@sluice/units';
import { startEchoProber, startEchoResponder } from '../traffic/prober.ts';
import { run } from './command.ts';
import { openLab } from './lab.ts';
import { poll } from './poll.ts';
import { obstaclesToGuests, obstaclesToRealParts } from './real-parts.ts';
import { measureSaturated, networkSpec } from './saturation.ts';
import { readSysctl, SOCKET_BUFFERS } from './sysctl.ts';

export interface Check {
  readonly name: string;
  readonly status: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  /** What to do about it; absent when all is well. */
  readonly fix?: string;
}

export interface DoctorOptions {
  /** Also load a private switch for some seconds and see whether a reservation holds. */
  readonly load?: boolean;
}

/** Open vSwitch before this version has no meters on the userspace datapath. */
const OVS_MAJOR_MIN = 3;
/** How far a measured guarantee may lie under what was reserved. */
const GUARANTEE_TOLERANCE = 0.05;

/** Never throws: what goes wrong is the answer of its check. */
export async function runDoctor({ load = false }: DoctorOptions = {}): Promise<readonly Check[]> {
  const programs = checkPrograms();
  if (process.platform !== 'linux') return programs;
  const checks = [
    ...programs,
    await checked('open_vswitch', checkOpenVswitch, 'apt-get install openvswitch-switch'),
    await checked('redis', () => firstLine('redis-server', ['--version']), 'apt-get install redis-server'),
    await checked('mininet', checkMininet, 'apt-get install mininet'),
    await checked('iperf3', () => firstLine('iperf3', ['--version']), 'apt-get install iperf3', 'warn'),
    await checked('guests', checkGuests, 'npm run demo as root installs what guests need', 'warn'),
    await checked('tcp_cubic', async () => checkCubic(), 'load the kernel module tcp_cubic'),
    checkBuffers(),
  ];
  if (checks.some((check) => check.status === 'fail')) return checks;
  const kernel = await checked(
    'kernel_shaping',
    checkShaping,
    'use a kernel with sch_htb, sch_fifo, cls_u32 and veth',
  );
  const datapath = await checked(
    'userspace_datapath',
    checkDatapath,
    'see ovs-vswitchd.log of a lab run with --keep',
  );
  const answers = [...checks, kernel, datapath];
  if (!load || answers.some((check) => check.status === 'fail')) return answers;
  return [
    ...answers,
    await checked(
      'saturated_queue',
      checkSaturated,
      'free a processor: the switch needs most of one under load',
    ),
  ];
}

async function checked(
  name: string,
  look: () => Promise<string>,
  fix: string,
  otherwise: 'warn' | 'fail' = 'fail',
): Promise<Check> {
  try {
    return { name, status: 'ok', detail: await look() };
  } catch (error) {
    return { name, status: otherwise, detail: error instanceof Error ? error.message : String(error), fix };
  }
}

function checkPrograms(): readonly Check[] {
  const obstacles = obstaclesToRealParts();
  if (obstacles.length === 0)
    return [{ name: 'real_parts', status: 'ok', detail: 'root on Linux, every program found' }];
  return obstacles.map((detail) => ({
    name: 'real_parts',
    status: 'fail',
    detail,
    fix: 'run npm run demo as root: it installs what is missing',
  }));
}

async function checkOpenVswitch(): Promise<string> {
  const line = await firstLine('ovs-vswitchd', ['--version']);
  const major = Number(/(\d+)\.\d+/.exec(line)?.[1]);
  if (!(major >= OVS_MAJOR_MIN)) throw new Error(`${line} is older than ${OVS_MAJOR_MIN}.0`);
  return line;
}

/** Debian's own interpreter is the only one that sees Debian's Mininet. */
const checkMininet = () =>
  firstLine('/usr/bin/python3', ['-c', 'from mininet.net import VERSION; print("Mininet", VERSION)']);

async function checkGuests(): Promise<string> {
  const obstacles = obstaclesToGuests();
  if (obstacles.length > 0) throw new Error(obstacles.join('; '));
  return firstLine('qemu-system-x86_64', ['--version']);
}

function checkCubic(): string {
  const available = readSysctl('net.ipv4.tcp_available_congestion_control');
  if (!available.split(/\s+/).includes('cubic'))
    throw new Error(`the kernel has ${available}, but not cubic`);
  return `available: ${available}`;
}

function checkBuffers(): Check {
  const names = [...SOCKET_BUFFERS.keys()];
  const values = names.map((name) => `${name} ${readSysctl(name)}`).join(', ');
  const enough = names.every((name) => Number(readSysctl(name)) >= (SOCKET_BUFFERS.get(name) ?? 0));
  const detail = enough ? values : `${values}; a lab raises them while it is open`;
  return { name: 'socket_buffers', status: 'ok', detail };
}

/** Builds what a port has, in a lab whose network is one switch. */
async function checkShaping(): Promise<string> {
  const lab = await openLab({ label: 'doctor: shaping' });
  try {
    const network = await lab.buildNetwork(networkSpec(), { ip: lab.controllerIp, port: 1 });
    await network.provisionPorts('managed');
    return 'htb, pfifo_head_drop and u32 on veth';
  } finally {
    await lab.close();
  }
}

async function checkDatapath(): Promise<string> {
  const lab = await openLab({ label: 'doctor: datapath' });
  try {
    const network = await lab.buildNetwork(networkSpec(), { ip: lab.controllerIp, port: 1 });
    for (const bridge of network.bridges.values())
      await lab.switchd.ofctl(['add-flow', bridge, 'priority=0,actions=NORMAL']);
    const receiver = network.host('receiver');
    const responder = await startEchoResponder(lab, receiver);
    const { namespace } = network.host('sender');
    const prober = await startEchoProber(lab, {
      name: 'doctor',
      namespace,
      ip: receiver.ip,
      port: responder.port,
    });
    await poll('an answer through two switches', 5_000, async () => (prober.echoes.length > 0 ? true : null));
    return `two switches built in ${Math.round(network.startMs)} ms, packets pass`;
  } finally {
    await lab.close();
  }
}

async function checkSaturated(): Promise<string> {
  const lab = await openLab({ label: 'doctor: load' });
  try {
    const { sent, arrived, reservedQueue, applications } = await measureSaturated(lab);
    const detail = `${formatRate(arrived)} of ${formatRate(sent)} sent arrived beside ${formatRate(applications)} of applications`;
    if (reservedQueue === 0)
      throw new Error('reserved traffic does not reach its queue: the classifier has no effect');
    if (arrived < sent * (1 - GUARANTEE_TOLERANCE)) throw new Error(`a reservation does not hold: ${detail}`);
    return detail;
  } finally {
    await lab.close();
  }
}

const firstLine = async (command: string, args: readonly string[]): Promise<string> =>
  (await run(command, args)).split('\n')[0] ?? '';
