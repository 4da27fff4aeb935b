/** Whether this machine can run a lab on real parts, and if not, every reason. Looks only; starts nothing. */
import { accessSync, appendFileSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Program to Debian package. */
const PROGRAMS: ReadonlyMap<string, string> = new Map([
  ['ovsdb-server', 'openvswitch-switch'],
  ['ovs-vswitchd', 'openvswitch-switch'],
  ['ovs-vsctl', 'openvswitch-switch'],
  ['ovs-ofctl', 'openvswitch-switch'],
  ['mnexec', 'mininet'],
  ['redis-server', 'redis-server'],
  ['tc', 'iproute2'],
  ['ethtool', 'ethtool'],
  ['sysctl', 'procps'],
  ['nsenter', 'util-linux'],
]);
/** What a lab with real guests needs besides. */
const GUEST_PROGRAMS: ReadonlyMap<string, string> = new Map([
  ['qemu-system-x86_64', 'qemu-system-x86'],
  ['busybox', 'busybox-static'],
  ['gcc', 'gcc'],
]);

/** Empty when a lab can be opened. */
export function obstaclesToRealParts(): readonly string[] {
  if (process.platform !== 'linux') return [`real parts need Linux, this is ${process.platform}`];
  return [...(process.getuid?.() === 0 ? [] : ['real parts need root']), ...missingOf(PROGRAMS)];
}

/** Empty when a lab can have real guests. */
export function obstaclesToGuests(): readonly string[] {
  const parts = obstaclesToRealParts();
  if (process.platform !== 'linux') return parts;
  const machine = process.arch === 'x64' ? [] : [`guests are x86-64 machines, this is ${process.arch}`];
  return [...parts, ...machine, ...missingOf(GUEST_PROGRAMS)];
}

const missingOf = (programs: ReadonlyMap<string, string>): readonly string[] =>
  [...programs]
    .filter(([program]) => !isOnPath(program))
    .map(([program, name]) => `${program} is missing (package ${name})`);

/**
 * For tests: whether they must be left out. Then the reason goes to the file that the test script reads for its
 * closing summary, so that nothing is left out in silence.
 */
export function mustSkip(what: string, obstacles = obstaclesToRealParts()): boolean {
  const file = process.env.SLUICE_SKIP_FILE;
  if (obstacles.length > 0 && file !== undefined) appendFileSync(file, `${what}: ${obstacles.join('; ')}\n`);
  return obstacles.length > 0;
}

export function isOnPath(program: string): boolean {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => isExecutable(join(folder, program)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
