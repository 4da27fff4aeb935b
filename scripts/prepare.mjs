// Brings a fresh Debian machine to the point where everything runs: packages of the system, packages of npm, build.
// Does only what is missing, so that a second run takes a moment.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { main, ROOT, Stop, show, step, succeeds } from './steps.mjs';

/** Debian packages of the lab on real parts. */
const PACKAGES = [
  'openvswitch-switch',
  'mininet',
  'redis-server',
  'iperf3',
  'iproute2',
  'iputils-ping',
  'ethtool',
  'procps',
  // Guests: their machine, their disks, their shell, and the compiler of their program.
  'qemu-system-x86',
  'qemu-utils',
  // Guests under libvirt: its daemon and its command line. The lab starts daemons of its own.
  'libvirt-daemon',
  'libvirt-daemon-driver-qemu',
  'libvirt-clients',
  'busybox-static',
  'gcc',
  'libc6-dev',
];
/** What only tests compare with, or make certificates by. */
const PEERS = ['python3-os-ken', 'openssl', 'cpio'];
/** Another package manager may hold the lock for a while after boot. */
const LOCK_WAIT_SEC = 300;

const GENERATOR = join('packages', 'openflow', 'generate', 'main.ts');

export const isLinux = process.platform === 'linux';
export const isRoot = isLinux && process.getuid() === 0;
export const isDebianLike = isLinux && existsSync('/usr/bin/apt-get') && existsSync('/usr/bin/dpkg-query');

/** How a command gets root here: as it is, through sudo without a password, or not at all (null). */
export function rootPrefix() {
  if (isRoot) return [];
  return isLinux && succeeds('sudo', ['-n', 'true']) ? ['sudo', '-n'] : null;
}

/**
 * Everything a lab needs, with `peers` also what the tests compare with. `realParts: false` leaves the system's
 * packages alone.
 * Returns why real parts cannot run here, an empty list when they can.
 */
export async function prepare({ realParts, peers = false }) {
  const wanted = peers ? [...PACKAGES, ...PEERS] : PACKAGES;
  const obstacles = realParts ? await installSystemPackages(wanted) : [];
  await installNpmPackages();
  return obstacles;
}

/** The OpenFlow codec is written from its schema; then types and build are one: tsc writes every workspace's dist. */
export const build = async () => {
  await step('writing the OpenFlow codec', () =>
    show(process.execPath, [join('node_modules', 'tsx', 'dist', 'cli.mjs'), GENERATOR]),
  );
  await step('types and build', () =>
    show(process.execPath, [join('node_modules', 'typescript', 'bin', 'tsc'), '-b']),
  );
};

async function installSystemPackages(wanted) {
  if (!isLinux) return [`real parts need Linux, this is ${process.platform}`];
  const prefix = rootPrefix();
  if (prefix === null) return ['real parts need root, and sudo without a password is not to be had'];
  if (!isDebianLike) {
    process.stderr.write(`this is not Debian; it must provide ${wanted.join(', ')} by itself\n`);
    return [];
  }
  const missing = wanted.filter((name) => !isInstalled(name));
  if (missing.length === 0) return [];
  await step(`installing ${missing.join(', ')}`, async () => {
    const apt = (...args) => {
      const options = ['-qq', '-o', `DPkg::Lock::Timeout=${LOCK_WAIT_SEC}`, '-o', 'Dpkg::Use-Pty=0'];
      const [command, ...rest] = [
        ...prefix,
        'env',
        'DEBIAN_FRONTEND=noninteractive',
        'apt-get',
        ...options,
        ...args,
      ];
      return show(command, rest, { quiet: true });
    };
    await apt('update');
    await apt('install', '--yes', '--no-install-recommends', ...missing);
  });
  return [];
}

const isInstalled = (name) =>
  succeeds('sh', ['-c', `dpkg-query -W -f '\${Status}' "$1" | grep -q 'install ok installed'`, 'sh', name]);

async function installNpmPackages() {
  if (!npmPackagesAreStale()) return;
  await step('installing npm packages', () => {
    const npm = process.env.npm_execpath;
    const args = ['ci', '--no-audit', '--no-fund'];
    return npm?.endsWith('.js') ? show(process.execPath, [npm, ...args]) : show('npm', args);
  });
}

/** npm keeps what it installed in a lock file of its own; a newer one of ours matters only where they differ. */
export function npmPackagesAreStale() {
  const [wanted, installed] = [
    join(ROOT, 'package-lock.json'),
    join(ROOT, 'node_modules', '.package-lock.json'),
  ];
  if (!existsSync(installed)) return true;
  if (statSync(installed).mtimeMs >= statSync(wanted).mtimeMs) return false;
  const packagesOf = (path) => JSON.parse(readFileSync(path, 'utf8')).packages;
  return differ(packagesOf(wanted), packagesOf(installed));
}

/** Optional packages are those of other platforms, and may be absent. */
export const differ = (wanted, installed) =>
  Object.entries(wanted).some(
    ([path, one]) =>
      path.startsWith('node_modules/') &&
      !one.optional &&
      !one.devOptional &&
      (installed[path]?.version !== one.version || installed[path]?.resolved !== one.resolved),
  );

if (process.argv[1] === join(ROOT, 'scripts', 'prepare.mjs'))
  await main(async () => {
    const obstacles = await prepare({ realParts: true });
    await build();
    if (obstacles.length > 0) throw new Stop(obstacles.join('\n'), 5);
  });
