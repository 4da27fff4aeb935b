/**
 * The corpus: messages of every version made by Open vSwitch, each with what `ovs-ofctl` prints for it. Built once
 * and then read from a file in the folder for temporary files, as long as nothing that it is made of changed.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromOfctl, type Refused, type Sent } from './from-ofctl.ts';
import { fromVswitchd } from './from-vswitchd.ts';
import { hasOsken, oskenMessages } from './osken.ts';
import { WIRE_VERSIONS, type WireVersion } from './ovs-ofctl.ts';
import { printedTexts } from './printed.ts';
import { readVectors } from './vectors.ts';

/** It takes half a minute on two cores. */
const BUILD_MS_MAX = 180_000;
const LOOK_AGAIN_MS = 100;
/** Files that read the corpus; the others make it. */
const BESIDE = /^(message-kinds|print\.|skipped)|\.test\.ts$/;

export interface CorpusMessage {
  /** The first byte of the message. */
  readonly version: WireVersion;
  /** Who made it: `ovs-ofctl`, `ovs-vswitchd`, `os-ken`; `by hand` was answered by ovs-vswitchd; `vectors` is the folder. */
  readonly source: string;
  /** The command, for example `add-flows -F NXM+table_id`; empty for a switch. */
  readonly command: string;
  /** The text that it was made from, or what it answers. */
  readonly text: string;
  readonly hex: string;
  /** `ovs-ofctl ofp-parse` of the bytes. */
  readonly printed: string;
}

export interface Corpus {
  readonly messages: readonly CorpusMessage[];
  /** Texts that ovs-ofctl refuses. */
  readonly refused: readonly Refused[];
}

export async function corpus(): Promise<Corpus> {
  const file = join(cacheFolder(), `corpus-${fingerprint()}.json`);
  const lock = `${file}.lock`;
  const deadline = Date.now() + BUILD_MS_MAX;
  for (;;) {
    if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Corpus;
    if (isTaken(lock)) break;
    if (Date.now() > deadline)
      throw new Error(`the corpus was not built in ${BUILD_MS_MAX} ms by the owner of ${lock}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
  try {
    const built = await build();
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, JSON.stringify(built), { mode: 0o600 });
    renameSync(draft, file);
    forgetOthers(file);
    return built;
  } finally {
    rmdirSync(lock);
  }
}

/** What an earlier state of the programs made is of no use. */
function forgetOthers(file: string): void {
  for (const name of readdirSync(cacheFolder()))
    if (name.endsWith('.json') && join(cacheFolder(), name) !== file) rmSync(join(cacheFolder(), name));
}

/** Test files run beside each other; only one builds. A lock older than any build was left by a process that died. */
function isTaken(lock: string): boolean {
  try {
    if (existsSync(lock) && Date.now() - statSync(lock).mtimeMs > BUILD_MS_MAX) rmdirSync(lock);
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}

export async function build(): Promise<Corpus> {
  const parts = await Promise.all(WIRE_VERSIONS.map((version) => fromOfctl(version)));
  const sent = parts.flatMap((part) => part.sent);
  const all = distinct([...sent, ...(await fromVswitchd(sent)), ...fromOsken(), ...fromVectors()]);
  const printed = printedTexts(all.map(({ bytes }) => bytes));
  return {
    messages: all.map(({ version, command, text, bytes }, index) => ({
      version,
      source: SOURCES.has(command) ? command : 'ovs-ofctl',
      command: SOURCES.has(command) ? '' : command,
      text,
      hex: bytes.toString('hex'),
      printed: printed[index] ?? '',
    })),
    refused: parts.flatMap((part) => part.refused),
  };
}

/** Who sent it stands in place of the command when it was not ovs-ofctl. */
const SOURCES: ReadonlySet<string> = new Set(['ovs-vswitchd', 'os-ken', 'by hand', 'vectors']);

function fromOsken(): readonly Sent[] {
  if (!hasOsken()) return [];
  return oskenMessages().map(({ version, text, hex }) => ({
    version,
    command: 'os-ken',
    text,
    bytes: Buffer.from(hex, 'hex'),
  }));
}

function fromVectors(): readonly Sent[] {
  return readVectors().map(({ title, hex }) => {
    const bytes = Buffer.from(hex, 'hex');
    return { version: (bytes[0] ?? 0) as WireVersion, command: 'vectors', text: title, bytes };
  });
}

/** The same bytes under another transaction id are the same message. */
function distinct(messages: readonly Sent[]): readonly Sent[] {
  const byContent = new Map<string, Sent>();
  for (const one of messages) {
    const content = one.bytes.toString('hex', 0, 4) + one.bytes.toString('hex', 8);
    if (!byContent.has(content)) byContent.set(content, one);
  }
  return [...byContent.values()];
}

/** Belongs to the user alone: what is read from there must not come from somebody else. */
function cacheFolder(): string {
  const folder = join(tmpdir(), `oflib-corpus-${process.getuid?.() ?? 'user'}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid } = statSync(folder);
  if (process.getuid !== undefined && uid !== process.getuid())
    throw new Error(`${folder} belongs to somebody else`);
  return folder;
}

/** Changes with Open vSwitch, with the lines and with the programs that make the corpus. */
function fingerprint(): string {
  const hash = createHash('sha256').update(execFileSync('ovs-ofctl', ['--version']));
  for (const folder of ['./', './lines/', './vectors/'].map((path) => new URL(path, import.meta.url)))
    for (const file of readdirSync(folder).sort())
      if (/\.(ts|txt|py)$/.test(file) && !BESIDE.test(file)) hash.update(readFileSync(new URL(file, folder)));
  return hash.digest('hex').slice(0, 16);
}
