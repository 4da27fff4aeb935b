/**
 * Two libvirt daemons of our own on this machine, as root: each in a mount and a process namespace of its own, with its
 * own folders, sockets and host UUID, so that neither knows of the other nor of the machine's. When the first process
 * of such a namespace ends, everything in it does, QEMUs included.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { virshRunner } from '../libvirt/virsh-runner.ts';
import { brokenWords, type Dirtying, dirtyingGuest, WORKING_SET_AT } from './dirtying-guest.ts';
import { type Side, until } from './qemu-guests.ts';

const PROGRAMS = ['/usr/sbin/libvirtd', '/usr/bin/virsh', '/usr/bin/qemu-system-x86_64', '/usr/bin/unshare'];
/** The QEMU driver of the daemon is a package of its own. */
const QEMU_DRIVER = 'libvirt_driver_qemu.so';
/** libvirt's memory is whole MiB, and TCG of QEMU 7.2 loses dirty pages of a guest whose memory is a multiple of 256 KiB. */
const GUEST_MEMORY_KIB = 128 * 1024;
/** So QEMU is told another size behind libvirt's back, on both sides, because the definition goes along. */
const ODD_MEMORY_KIB = GUEST_MEMORY_KIB - 8;
/** libvirt has every QEMU tell all it can before it starts the first one. */
const FIRST_START_LIMIT_MS = 60_000;
const POLL_MS = 10;

export const LISTEN_IP: Readonly<Record<Side, string>> = { source: '127.0.0.1', destination: '127.0.0.2' };

export const libvirtMissing: string | undefined = whyNot();

function whyNot(): string | undefined {
  if (process.getuid?.() !== 0) return 'a private libvirt daemon needs root';
  const missing = PROGRAMS.find((path) => !existsSync(path));
  if (missing !== undefined) return `${missing} is not installed`;
  const folders = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/lib'];
  const hasDriver = folders.some((at) => existsSync(join(at, 'libvirt', 'connection-driver', QEMU_DRIVER)));
  return hasDriver ? undefined : 'libvirt has no QEMU driver here (libvirt-daemon-driver-qemu)';
}

export interface PrivateLibvirt {
  readonly root: string;
  readonly memoryBytes: number;
  /** With `{ip}` for the side's address. */
  readonly uriTemplate: string;
  uri(side: Side): string;
  /** Starts a guest that dirties its memory; resolves when it has written its whole working set. */
  startGuest(vmId: string, dirtying: Dirtying, options?: { readonly isPersistent?: boolean }): Promise<void>;
  /** Ends a domain wherever it is. */
  endGuest(vmId: string): Promise<void>;
  virsh(side: Side, ...args: string[]): Promise<string>;
  /** How many pages of the guest are not what it wrote. */
  brokenPages(side: Side, vmId: string): Promise<number>;
  /** As if the host had lost power: daemon and guests are gone at once. */
  kill(side: Side): Promise<void>;
  close(): Promise<void>;
}

export async function privateLibvirt(): Promise<PrivateLibvirt> {
  const root = await mkdtemp(join(tmpdir(), 'slv-'));
  const folder = (side: Side) => join(root, LISTEN_IP[side]);
  const uriTemplate = `qemu+unix:///system?socket=${root}/{ip}/sock/libvirt-sock`;
  const uri = (side: Side) => uriTemplate.replaceAll('{ip}', LISTEN_IP[side]);
  const runner = (side: Side) => virshRunner(['virsh'], uri(side));
  const processes = new Map<Side, ChildProcess>();
  const workingSets = new Map<string, number>();

  async function start(side: Side): Promise<void> {
    await writeFolders(folder(side), side === 'source' ? 1 : 2);
    const args = ['--pdeathsig', 'KILL', 'unshare', '--mount', '--pid', '--fork', '--kill-child=KILL'];
    const child = spawn('setpriv', [...args, '--mount-proc', 'sh', join(folder(side), 'start')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let words = '';
    child.stderr?.on('data', (text: Buffer) => {
      words = (words + text.toString()).slice(-2000);
    });
    processes.set(side, child);
    const socket = join(folder(side), 'sock', 'libvirt-sock');
    await until(
      () => existsSync(socket) || child.exitCode !== null,
      () => `libvirtd did not start: ${words}`,
    );
    if (child.exitCode !== null) throw new Error(`libvirtd did not start: ${words}`);
    // Its first look at QEMU, now and not in the midst of a migration.
    await runner(side).run(['domcapabilities', '--virttype', 'qemu'], FIRST_START_LIMIT_MS);
  }

  const kill = async (side: Side): Promise<void> => {
    const child = processes.get(side);
    processes.delete(side);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await exited;
  };

  await Promise.all([start('source'), start('destination')]).catch(async (error) => {
    await Promise.all([kill('source'), kill('destination')]);
    await rm(root, { recursive: true, force: true });
    throw error;
  });
  const virsh = (side: Side, ...args: string[]) => runner(side).run(args, FIRST_START_LIMIT_MS);
  return {
    root,
    uriTemplate,
    uri,
    virsh,
    kill,
    memoryBytes: GUEST_MEMORY_KIB * 1024,
    async startGuest(vmId, dirtying, { isPersistent = false } = {}) {
      workingSets.set(vmId, dirtying.workingSetBytes);
      const kernel = join(root, `${vmId}.kernel`);
      await writeFile(kernel, dirtyingGuest(dirtying));
      const definition = join(root, `${vmId}.xml`);
      await writeFile(definition, domainXml(vmId, kernel));
      if (isPersistent) {
        await virsh('source', 'define', definition);
        await virsh('source', 'start', vmId);
      } else await virsh('source', 'create', definition);
      const look = `xp /1wx 0x${WORKING_SET_AT.toString(16)}`;
      let text = '';
      for (const deadline = Date.now() + FIRST_START_LIMIT_MS; !HAS_WRITTEN_TWICE.test(text.trim()); ) {
        if (Date.now() > deadline) throw new Error(`the guest does not write: ${text}`);
        text = await virsh('source', 'qemu-monitor-command', vmId, '--hmp', look);
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    },
    async brokenPages(side, vmId) {
      const ask = async (execute: string, args = {}) => {
        const command = JSON.stringify({ execute, arguments: args });
        const answer = await virsh(side, 'qemu-monitor-command', vmId, command);
        if (answer.includes('"error"')) throw new Error(answer);
      };
      const filename = join(folder(side), 'memory');
      await ask('stop');
      await ask('pmemsave', { val: WORKING_SET_AT, size: workingSets.get(vmId) ?? 0, filename });
      await ask('cont');
      return brokenWords(await readFile(filename));
    },
    async endGuest(vmId) {
      for (const side of processes.keys()) {
        await virsh(side, 'destroy', vmId).catch(() => undefined);
        await virsh(side, 'undefine', vmId).catch(() => undefined);
      }
    },
    async close() {
      await Promise.all([kill('source'), kill('destination')]);
      await rm(root, { recursive: true, force: true });
    },
  };
}
const HAS_WRITTEN_TWICE = /0x0*([2-9a-f]|[1-9a-f][0-9a-f]+)$/;

/** Bytes that have been acknowledged on the connections to this port, as the kernel counts them. */
export function ackedBytes(ip: string, port: number): number {
  const text = execFileSync('ss', ['-Htin', 'dst', `${ip}:${port}`], { encoding: 'utf8' });
  return [...text.matchAll(/bytes_acked:(\d+)/g)].reduce((sum, [, bytes]) => sum + Number(bytes), 0);
}

async function writeFolders(folder: string, index: number): Promise<void> {
  for (const name of ['run', 'lib', 'log', 'cache', 'etc', 'sock'])
    await mkdir(join(folder, name), { recursive: true });
  const settings = [
    `unix_sock_dir = "${folder}/sock"`,
    'auth_unix_rw = "none"',
    // Two daemons on one machine would otherwise be the same host, and refuse to migrate to themselves.
    `host_uuid = "00000000-0000-4000-8000-${String(process.pid).padStart(11, '0')}${index}"`,
    `log_outputs = "3:file:${folder}/libvirtd.log"`,
  ];
  await writeFile(join(folder, 'libvirtd.conf'), `${settings.join('\n')}\n`);
  const qemu = ['user = "root"', 'group = "root"', 'dynamic_ownership = 0', 'security_driver = "none"'];
  // No machined, no cgroups, no log daemon: none of them runs in here.
  const alone = [
    'namespaces = []',
    'cgroup_controllers = []',
    'stdio_handler = "file"',
    'remember_owner = 0',
  ];
  await writeFile(join(folder, 'etc', 'qemu.conf'), `${[...qemu, ...alone].join('\n')}\n`);
  // The folders above libvirt's: its own may not be there, and nothing is to be made outside of ours.
  const own = { run: '/run', lib: '/var/lib', log: '/var/log', cache: '/var/cache', etc: '/etc/libvirt' };
  await withItsUser(folder);
  const files = { passwd: '/etc/passwd', group: '/etc/group' };
  const lines = Object.entries({ ...own, ...files }).map(
    ([name, at]) => `mount --bind ${folder}/${name} ${at} || exit 1`,
  );
  // The shell stays: as the first process it takes in what QEMU leaves when it goes into the background.
  const daemon = `libvirtd -f ${folder}/libvirtd.conf -p ${folder}/libvirtd.pid & wait $!`;
  await writeFile(join(folder, 'start'), `${[...lines, daemon].join('\n')}\n`);
}

/** The daemon looks for this user at its start, whoever its guests run as; the package that makes it starts a service. */
async function withItsUser(folder: string): Promise<void> {
  const lines = { passwd: 'libvirt-qemu:x:64055:64055::/:/usr/sbin/nologin', group: 'libvirt-qemu:x:64055:' };
  for (const [name, line] of Object.entries(lines)) {
    const text = await readFile(`/etc/${name}`, 'utf8');
    const isThere = /^libvirt-qemu:/m.test(text);
    await writeFile(join(folder, name), isThere ? text : `${text.trimEnd()}\n${line}\n`);
  }
}

const domainXml = (vmId: string, kernel: string): string => `
<domain type='qemu' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
  <name>${vmId}</name>
  <metadata><sluice:vm xmlns:sluice='urn:sluice:vm' ip='10.0.0.1'/></metadata>
  <memory unit='KiB'>${GUEST_MEMORY_KIB}</memory>
  <vcpu>1</vcpu>
  <os><type arch='x86_64' machine='pc'>hvm</type><kernel>${kernel}</kernel></os>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <controller type='usb' model='none'/>
    <memballoon model='none'/>
  </devices>
  <qemu:commandline>
    <qemu:arg value='-object'/>
    <qemu:arg value='memory-backend-ram,id=odd,size=${ODD_MEMORY_KIB}K'/>
    <qemu:arg value='-machine'/>
    <qemu:arg value='memory-backend=odd'/>
    <qemu:arg value='-m'/>
    <qemu:arg value='${ODD_MEMORY_KIB}K'/>
  </qemu:commandline>
</domain>
`;
