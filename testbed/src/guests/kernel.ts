/**
 * The kernel of test guests: Debian's for virtual machines, taken out of its package without installing it. Only the
 * kernel itself and the modules that a guest loads are kept, with the package's name and version beside them.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { run } from '../lab/command.ts';
import { isOnPath } from '../lab/real-parts.ts';
import { makeWhole } from './cache-folder.ts';
import { GuestFailure } from './guest-failure.ts';
import { dependenciesOf, loadOrder, moduleName } from './module-order.ts';

/** Depends on the newest kernel of its kind. */
export const KERNEL_META_PACKAGE = 'linux-image-cloud-amd64';
/** What a guest's machine has: PCI, a NIC, perhaps a disk. */
const MODULES_WANTED = ['virtio_pci', 'virtio_net', 'virtio_blk'];
/** The package is 27 MB. */
const DOWNLOAD_TIMEOUT_MS = 300_000;
const UNPACK_TIMEOUT_MS = 60_000;
const ABOUT = 'kernel.json';

const aboutSchema = z.strictObject({
  packageName: z.string(),
  version: z.string(),
  /** Files of modules in the order they are loaded. */
  modules: z.array(z.string()),
});

export interface GuestKernel extends z.output<typeof aboutSchema> {
  readonly folder: string;
  readonly path: string;
  /** Whether it was fetched now. */
  readonly fetched: boolean;
}

export interface KernelOptions {
  readonly cacheFolder: string;
  /** Ask apt for a newer one even when one is here. */
  readonly refresh?: boolean;
  readonly note?: (line: string) => void;
}

/** The kernel that is here, else the newest one that apt knows. @throws GuestFailure */
export async function guestKernel(options: KernelOptions): Promise<GuestKernel> {
  if (process.arch !== 'x64')
    throw unavailable(KERNEL_META_PACKAGE, `guests are x86-64 machines, this one is ${process.arch}`);
  const kernels = join(options.cacheFolder, 'kernels');
  const kept = options.refresh ? null : newestKept(kernels);
  return kept ?? (await fetchKernel(kernels, options.note ?? (() => undefined)));
}

function newestKept(kernels: string): GuestKernel | null {
  if (!existsSync(kernels)) return null;
  const folders = readdirSync(kernels)
    .map((name) => join(kernels, name))
    .filter((folder) => existsSync(join(folder, ABOUT)))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  return folders[0] === undefined ? null : keptIn(folders[0], false);
}

const keptIn = (folder: string, fetched: boolean): GuestKernel => ({
  ...aboutSchema.parse(JSON.parse(readFileSync(join(folder, ABOUT), 'utf8'))),
  folder,
  path: join(folder, 'vmlinuz'),
  fetched,
});

async function fetchKernel(kernels: string, note: (line: string) => void): Promise<GuestKernel> {
  const missing = [
    ['apt-get', 'apt'],
    ['apt-cache', 'apt'],
    ['dpkg-deb', 'dpkg'],
  ].filter(([program]) => !isOnPath(program ?? ''));
  if (missing.length > 0)
    throw unavailable(
      KERNEL_META_PACKAGE,
      `${missing.map(([program]) => program).join(', ')} missing: not a Debian`,
    );
  // Lists of packages may be missing on a fresh machine, or name a version that the archive has replaced since.
  return fetchAsListed(kernels, note).catch(async (cause: unknown) => {
    note('reading the lists of packages anew');
    await run('apt-get', ['-qq', 'update'], { timeoutMs: DOWNLOAD_TIMEOUT_MS }).catch(() => {
      throw cause;
    });
    return fetchAsListed(kernels, note);
  });
}

async function fetchAsListed(kernels: string, note: (line: string) => void): Promise<GuestKernel> {
  const packageName = await concretePackage();
  const version = await candidateVersion(packageName);
  const folder = join(kernels, `${packageName}_${version.replaceAll(/[^\w.+~-]/g, '_')}`);
  if (existsSync(join(folder, ABOUT))) return keptIn(folder, false);
  note(`fetching ${packageName} ${version}`);
  await makeWhole(folder, (temporary) => unpack(packageName, version, temporary));
  return keptIn(folder, true);
}

/** The package that the meta package stands for. */
async function concretePackage(): Promise<string> {
  const text = await run('apt-cache', ['depends', '--important', KERNEL_META_PACKAGE]).catch(() => '');
  const name = /Depends:\s*(linux-image-[\w.+-]+)/.exec(text)?.[1];
  if (name === undefined)
    throw unavailable(KERNEL_META_PACKAGE, 'apt does not know this package; run apt-get update once');
  return name;
}

async function candidateVersion(packageName: string): Promise<string> {
  const text = await run('apt-cache', ['policy', packageName]);
  const version = /Candidate:\s*(\S+)/.exec(text)?.[1];
  if (version === undefined || version === '(none)')
    throw unavailable(packageName, 'apt has no version of it; run apt-get update once');
  return version;
}

async function unpack(packageName: string, version: string, folder: string): Promise<void> {
  const work = join(folder, 'work');
  mkdirSync(work);
  const quiet = ['-qq', '-o', 'APT::Sandbox::User=root'];
  await run('apt-get', [...quiet, 'download', `${packageName}=${version}`], {
    cwd: work,
    timeoutMs: DOWNLOAD_TIMEOUT_MS,
  }).catch((cause: unknown) => {
    throw unavailable(packageName, `it cannot be fetched: ${String(cause)}`, cause);
  });
  const archive = readdirSync(work).find((name) => name.endsWith('.deb'));
  if (archive === undefined) throw unavailable(packageName, 'apt-get download wrote no package');
  const root = join(work, 'root');
  await run('dpkg-deb', ['-x', join(work, archive), root], { timeoutMs: UNPACK_TIMEOUT_MS });
  keepWhatIsUsed(packageName, version, root, folder);
  rmSync(work, { recursive: true });
}

function keepWhatIsUsed(packageName: string, version: string, root: string, folder: string): void {
  const kernel = readdirSync(join(root, 'boot')).find((name) => name.startsWith('vmlinuz-'));
  if (kernel === undefined) throw unavailable(packageName, 'there is no vmlinuz in it');
  copyFileSync(join(root, 'boot', kernel), join(folder, 'vmlinuz'));
  const release = kernel.slice('vmlinuz-'.length);
  const found = modulesUnder(join(root, 'lib', 'modules', release));
  const missing = MODULES_WANTED.filter((name) => !found.has(name));
  if (missing.length > 0)
    throw unavailable(packageName, `it has no uncompressed module ${missing.join(', ')}`);
  const order = loadOrder(MODULES_WANTED, (name) => {
    const path = found.get(name);
    return path === undefined ? null : { name, dependsOn: dependenciesOf(readFileSync(path)) };
  });
  const modules = order.map((name) => `${name}.ko`);
  for (const name of order) copyFileSync(found.get(name) ?? '', join(folder, `${name}.ko`));
  writeFileSync(join(folder, ABOUT), `${JSON.stringify({ packageName, version, modules }, null, 2)}\n`);
}

/** Module name to file. */
function modulesUnder(folder: string): ReadonlyMap<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ko'),
  );
  return new Map(
    files.map((name) => [moduleName(name.slice(name.lastIndexOf('/') + 1)), join(folder, name)]),
  );
}

const unavailable = (packageName: string, reason: string, cause?: unknown): GuestFailure =>
  new GuestFailure({ code: 'kernel_unavailable', packageName, reason }, { cause });
