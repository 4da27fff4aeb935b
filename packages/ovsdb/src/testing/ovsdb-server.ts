/**
 * For tests: a private ovsdb-server with Open vSwitch's schema in a temporary folder, without ovs-vswitchd. It can
 * be killed and started again on the same database, and several can form a cluster.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const SCHEMA = '/usr/share/openvswitch/vswitch.ovsschema';
const START_TIMEOUT_MS = 30_000;
const POLL_MS = 20;

/** Why the server cannot be had here, or null. */
export function whyNoServer(): string | null {
  try {
    execFileSync('ovsdb-server', ['--version'], { stdio: 'ignore' });
  } catch {
    return 'ovsdb-server is not installed (package openvswitch-switch)';
  }
  return existsSync(SCHEMA) ? null : `${SCHEMA} is missing`;
}

export interface ServerOptions {
  /** Its database file, when it is not to be a new one that stands alone. */
  readonly database?: string;
  /** More of the server's own options, such as keys and remotes. */
  readonly args?: readonly string[];
}

export class OvsdbServer {
  readonly folder = mkdtempSync(join(tmpdir(), 'ovsdb-'));
  readonly #options: ServerOptions;
  #process: ChildProcess | null = null;

  constructor(options: ServerOptions = {}) {
    this.#options = options;
  }

  get endpoint(): string {
    return `unix:${this.#socket}`;
  }

  async start(): Promise<void> {
    const database = this.#options.database ?? join(this.folder, 'conf.db');
    if (!existsSync(database)) execFileSync('ovsdb-tool', ['create', database, SCHEMA]);
    const own = [`--remote=punix:${this.#socket}`, `--unixctl=${this.#control}`, '--no-chdir'];
    const quiet = ['-vconsole:off', '-vsyslog:off'];
    const args = [database, ...own, ...quiet, ...(this.#options.args ?? [])];
    const environment = { ...process.env, OVS_RUNDIR: this.folder };
    this.#process = spawn('ovsdb-server', args, { stdio: 'ignore', env: environment });
    await eventually(() => canConnect(this.#socket), 'ovsdb-server listens');
  }

  /** Like a crash: no goodbye. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (!child || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    rmSync(this.#socket, { force: true });
  }

  /** Holds its breath: it is there and does not answer. */
  freeze(isFrozen: boolean): void {
    this.#process?.kill(isFrozen ? 'SIGSTOP' : 'SIGCONT');
  }

  /** What `ovs-appctl` would say to it. */
  control(...command: readonly string[]): string {
    return execFileSync('ovs-appctl', ['-t', this.#control, ...command], { encoding: 'utf8' }).trim();
  }

  async dispose(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  get #socket(): string {
    return join(this.folder, 'db.sock');
  }

  get #control(): string {
    return join(this.folder, 'ctl');
  }
}

/** Members of one new cluster, not started. Their raft sockets are unix ones, so no port can be taken already. */
export function newCluster(folder: string, size: number): readonly OvsdbServer[] {
  const raft = (member: number) => `unix:${join(folder, `${member}.raft`)}`;
  const quiet = ['-vconsole:off', '-vsyslog:off'];
  return Array.from({ length: size }, (_, member) => {
    const database = join(folder, `${member}.db`);
    const command =
      member === 0
        ? ['create-cluster', database, SCHEMA, raft(0)]
        : ['join-cluster', database, 'Open_vSwitch', raft(member), raft(0)];
    execFileSync('ovsdb-tool', [...quiet, ...command], { stdio: 'ignore' });
    return new OvsdbServer({ database });
  });
}

/** Polls until the claim holds; throws with the claim after thirty seconds. */
export async function eventually(claim: () => boolean | Promise<boolean>, sentence: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await claim())) {
    if (Date.now() > deadline) throw new Error(`not so within ${START_TIMEOUT_MS} ms: ${sentence}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

const canConnect = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ path });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
