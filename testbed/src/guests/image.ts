/**
 * What a test guest boots: Debian's kernel and an initial file system with busybox, the guest program and its modules.
 * Built from packages within seconds and kept under the hash of everything that went in; what is kept needs neither
 * compiler nor network.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { run } from '../lab/command.ts';
import { LabFailure } from '../lab/lab-failure.ts';
import { isOnPath } from '../lab/real-parts.ts';
import { defaultCacheFolder, makeWhole } from './cache-folder.ts';
import { type ArchiveEntry, cpioArchive } from './cpio.ts';
import { GuestFailure } from './guest-failure.ts';
import { type GuestKernel, guestKernel } from './kernel.ts';

/** Sources of the guest program and its init. */
const GUEST_FOLDER = fileURLToPath(new URL('../../guest/', import.meta.url));
const COMPILER_FLAGS = ['-std=gnu11', '-O2', '-Wall', '-Wextra', '-Werror', '-static', '-pthread'];
const COMPILE_TIMEOUT_MS = 60_000;
const BUSYBOX = '/bin/busybox';
/** Unpacking costs the guest boot time, and the archive is small. */
const GZIP_LEVEL = 1;
/** Changes when the same inputs would give another archive. */
const LAYOUT_VERSION = 1;
/** For clients that measure: what busybox's web server gives. */
const WEB_FILE_BYTES = 1024 * 1024;

export interface GuestImage {
  readonly kernelPath: string;
  readonly initrdPath: string;
  readonly kernelPackage: string;
  readonly kernelVersion: string;
  /** Of all inputs, as hex digits. */
  readonly hash: string;
  /** False: it was kept from before. */
  readonly built: boolean;
}

export interface ImageOptions {
  /** Absent: `defaultCacheFolder()`. */
  readonly cacheFolder?: string;
  /** Look for a newer kernel. */
  readonly refresh?: boolean;
  readonly note?: (line: string) => void;
}

/** @throws GuestFailure `missing_package`, `kernel_unavailable`, `build_failed` */
export async function buildGuestImage(options: ImageOptions = {}): Promise<GuestImage> {
  const cacheFolder = options.cacheFolder ?? defaultCacheFolder();
  const kernel = await guestKernel({ ...options, cacheFolder });
  const busybox = readBusybox();
  const hash = hashOf(kernel, busybox);
  const folder = join(cacheFolder, 'images', hash);
  const initrdPath = join(folder, 'initrd.gz');
  const built = !existsSync(initrdPath);
  if (built)
    await makeWhole(folder, async (temporary) => {
      options.note?.('building the guest image');
      const program = await compile();
      const archive = cpioArchive(contentOf(kernel, busybox, program));
      writeFileSync(join(temporary, 'initrd.gz'), gzipSync(archive, { level: GZIP_LEVEL }));
    });
  return {
    kernelPath: kernel.path,
    initrdPath,
    kernelPackage: kernel.packageName,
    kernelVersion: kernel.version,
    hash,
    built,
  };
}

/** A shell that needs shared libraries would not start in the guest. */
function readBusybox(): Buffer {
  const missing = (what: string) =>
    new GuestFailure({ code: 'missing_package', what, packages: ['busybox-static'] });
  if (!existsSync(BUSYBOX)) throw missing(`${BUSYBOX} is missing`);
  const content = readFileSync(BUSYBOX);
  if (content.includes('/ld-linux')) throw missing(`${BUSYBOX} is not linked statically`);
  return content;
}

const sourceFiles = (): readonly string[] =>
  readdirSync(GUEST_FOLDER)
    .filter((name) => /\.[ch]$/.test(name))
    .sort();

function hashOf(kernel: GuestKernel, busybox: Buffer): string {
  const hash = createHash('sha256');
  const add = (name: string, content: Buffer | string) =>
    hash.update(`${name}\0${content.length}\0`).update(content);
  add('layout', String(LAYOUT_VERSION));
  add('flags', COMPILER_FLAGS.join(' '));
  add('kernel', `${kernel.packageName} ${kernel.version} ${kernel.modules.join(' ')}`);
  add('busybox', busybox);
  for (const name of [...sourceFiles(), 'init']) add(name, readFileSync(join(GUEST_FOLDER, name)));
  return hash.digest('hex').slice(0, 32);
}

async function compile(): Promise<Buffer> {
  if (!isOnPath('gcc'))
    throw new GuestFailure({
      code: 'missing_package',
      what: 'the guest program needs a compiler',
      packages: ['gcc', 'libc6-dev'],
    });
  const work = mkdtempSync(join(tmpdir(), 'sluice-guest-'));
  try {
    const program = join(work, 'sluice-guest');
    const sources = sourceFiles().filter((name) => name.endsWith('.c'));
    await run('gcc', [...COMPILER_FLAGS, '-o', program, ...sources], {
      cwd: GUEST_FOLDER,
      timeoutMs: COMPILE_TIMEOUT_MS,
    }).catch((cause: unknown) => {
      throw compileFailure(cause);
    });
    return readFileSync(program);
  } finally {
    rmSync(work, { recursive: true });
  }
}

function compileFailure(cause: unknown): GuestFailure {
  const output =
    cause instanceof LabFailure && cause.detail.code === 'command_failed'
      ? cause.detail.output
      : String(cause);
  if (/cannot find -l|stdio\.h: No such file|crt1\.o/.test(output))
    return new GuestFailure({
      code: 'missing_package',
      what: 'the C library for static programs is missing',
      packages: ['libc6-dev'],
    });
  return new GuestFailure({ code: 'build_failed', output }, { cause });
}

function contentOf(kernel: GuestKernel, busybox: Buffer, program: Buffer): readonly ArchiveEntry[] {
  const folder = (path: string): ArchiveEntry => ({ path, kind: 'folder' });
  const file = (path: string, content: Buffer, executable = false): ArchiveEntry => ({
    path,
    kind: 'file',
    content,
    executable,
  });
  return [
    ...['bin', 'dev', 'lib', 'lib/modules', 'proc', 'sys', 'www'].map(folder),
    file('init', readFileSync(join(GUEST_FOLDER, 'init')), true),
    file('bin/busybox', busybox, true),
    file('bin/sluice-guest', program, true),
    ...kernel.modules.map((name) => file(`lib/modules/${name}`, readFileSync(join(kernel.folder, name)))),
    file('lib/modules/order', Buffer.from(`${kernel.modules.join('\n')}\n`)),
    file('www/index.html', Buffer.from('A guest of Sluice.\n')),
    file('www/megabyte', Buffer.alloc(WEB_FILE_BYTES)),
  ];
}
