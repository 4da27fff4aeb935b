/**
 * Starts our own entry files as processes of their own. They run as built JavaScript or, from a source checkout,
 * under tsx; which of the two is told by this file's own extension.
 */
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { getPriority } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const fromSource = import.meta.url.endsWith('.ts');

export type EntryName = 'vm-process' | 'sender-process' | 'receiver-process' | 'guest-service';

/** How long a child may take until it says it is ready; tsx alone takes most of a second on a busy machine. */
const READY_TIMEOUT_MS = 30_000;

export interface ChildOptions {
  readonly entry: EntryName;
  /** Handed over as JSON in the last argument. */
  readonly options: object;
  /** What it prints, for a person who looks for the cause of a failure. */
  readonly logFile: string;
  /** Network namespace to run in; null: ours. */
  readonly namespace?: string | null;
}

/** Detached: a session of its own, so that it outlives us and no terminal signal reaches it. Has an IPC channel. */
export function startChild({ entry, options, logFile, namespace = null }: ChildOptions): ChildProcess {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a');
  const stdio: StdioOptions = ['ignore', log, log, 'ipc'];
  const nodeArgs = [...nodeArgsFor(entryPath(entry)), JSON.stringify(options)];
  const [command, args] =
    namespace === null
      ? [process.execPath, nodeArgs]
      : ['ip', ['netns', 'exec', namespace, process.execPath, ...nodeArgs]];
  const child = spawn(command, args, { detached: true, stdio });
  closeSync(log);
  shareNiceness(child.pid);
  child.on('error', () => undefined); // Seen as `exit` or as a child that never gets ready.
  return child;
}

/**
 * Linux shares the processor among sessions before it looks at the niceness of the processes in them (autogroup), and
 * the child's session is new: it gets our niceness, too. Where that is not possible it runs as any other process.
 */
function shareNiceness(pid: number | undefined): void {
  try {
    writeFileSync(`/proc/${pid}/autogroup`, String(getPriority()));
  } catch {
    // No such file, or not permitted: the child runs, with a share like any other's.
  }
}

/** Waits for the message `{ kind: 'ready' }`. @throws Error when the child ends or stays silent instead */
export function childReady(child: ChildProcess, entry: EntryName): Promise<object> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => finish(new Error(`${entry} was not ready in time`)), READY_TIMEOUT_MS);
    const onMessage = (message: unknown) => {
      if (typeof message === 'object' && message !== null && 'kind' in message && message.kind === 'ready')
        finish(message);
    };
    const onExit = (code: number | null) =>
      finish(new Error(`${entry} ended with ${code} before it was ready`));
    const finish = (result: object | Error) => {
      clearTimeout(timer);
      child.off('message', onMessage);
      child.off('exit', onExit);
      if (result instanceof Error) reject(result);
      else resolve(result);
    };
    child.on('message', onMessage);
    child.once('exit', onExit);
  });
}

/** Lets a child go: no channel, no reason for our event loop to stay. */
export function release(child: ChildProcess): void {
  if (child.connected) child.disconnect();
  child.unref();
}

/** What the child reads back from its command line. */
export const childOptions = (): unknown => JSON.parse(process.argv.at(-1) ?? '');

/** Sends to the parent if there still is one; resolves when the message is out. */
export function tellParent(message: object): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected || process.send === undefined) resolve();
    else process.send(message, undefined, undefined, () => resolve());
  });
}

const entryPath = (entry: EntryName): string =>
  fileURLToPath(new URL(`./${entry}.${fromSource ? 'ts' : 'js'}`, import.meta.url));

/** Arguments of node for one of our files, in the form in which this file runs itself. */
export function nodeArgsFor(path: string): string[] {
  if (!fromSource) return [path];
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  return ['--import', tsx, '--conditions=source', path];
}
