/**
 * For tests: a private ovsdb-server with Open vSwitch's schema in a temporary folder, without ovs-vswitchd. It can
 * be killed and started again on the same database.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SCHEMA = '/usr/share/openvswitch/vswitch.ovsschema';
const START_TIMEOUT_MS = 5000;
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

export class OvsdbServer {
  readonly #folder = mkdtempSync(join(tmpdir(), 'ovsdb-'));
  #process: ChildProcess | null = null;

  get endpoint(): string {
    return `unix:${this.#socket}`;
  }

  async start(): Promise<void> {
    const database = join(this.#folder, 'conf.db');
    if (!existsSync(database)) execFileSync('ovsdb-tool', ['create', database, SCHEMA]);
    const unixctl = join(this.#folder, 'ctl');
    this.#process = spawn(
      'ovsdb-server',
      [database, `--remote=punix:${this.#socket}`, `--unixctl=${unixctl}`, '--no-chdir', '-vconsole:off'],
      { stdio: 'ignore', env: { ...process.env, OVS_RUNDIR: this.#folder } },
    );
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

  async dispose(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #socket(): string {
    return join(this.#folder, 'db.sock');
  }
}

/** Polls until the claim holds; throws with the claim after five seconds. */
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
