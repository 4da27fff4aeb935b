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

/** Empty when a lab can be opened. */
export function obstaclesToRealParts(): readonly string[] {
  if (process.platform !== 'linux') return [`real parts need Linux, this is ${process.platform}`];
  const missing = [...PROGRAMS].filter(([program]) => !isOnPath(program));
  return [
    ...(process.getuid?.() === 0 ? [] : ['real parts need root']),
    ...missing.map(([program, name]) => `${program} is missing (package ${name})`),
  ];
}

/**
 * For tests: whether they must be left out. Then the reason goes to the file that the test script reads for its
 * closing summary, so that nothing is left out in silence.
 */
export function mustSkip(what: string): boolean {
  const obstacles = obstaclesToRealParts();
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
