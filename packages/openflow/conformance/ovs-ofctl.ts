/**
 * Runs ovs-ofctl against a loopback listener and hands back the messages that it sent: bytes of OpenFlow that
 * another implementation made from operators' text. Needs no rights and no switch.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Listener } from './listener.ts';

export type WireVersion = 1 | 2 | 3 | 4 | 5 | 6;
export const WIRE_VERSIONS: readonly WireVersion[] = [1, 2, 3, 4, 5, 6];
/** As ovs-ofctl's option -O names them. */
export const VERSION_NAMES: Readonly<Record<WireVersion, string>> = {
  1: 'OpenFlow10',
  2: 'OpenFlow11',
  3: 'OpenFlow12',
  4: 'OpenFlow13',
  5: 'OpenFlow14',
  6: 'OpenFlow15',
};

/** A run takes about 5 ms; only a hang needs this. */
const RUN_MS_MAX = 10_000;
/** A monitor never ends; it has said all when it is silent for so long. */
const SILENCE_MS = 120;
const OUTPUT_CHARS_MAX = 100_000;

export const hasOvsOfctl = (): boolean =>
  spawnSync('ovs-ofctl', ['--version'], { stdio: 'ignore' }).status === 0;

export interface Run {
  /** Arguments after -O; BR stands for the listener's address. */
  readonly args: readonly string[];
  /** What the program reads as the file `-`. */
  readonly input?: string;
  /** The command goes on until it is ended: a monitor. */
  readonly isEndless?: boolean;
}

export interface RunResult {
  readonly messages: readonly Buffer[];
  readonly exitCode: number | null;
  readonly errors: string;
}

/** One version's ovs-ofctl; runs are one after the other. */
export class OvsOfctl {
  private readonly listener: Listener;
  private readonly folder = mkdtempSync(join(tmpdir(), 'oflib-ofctl-'));
  private port = 0;

  constructor(readonly version: WireVersion) {
    this.listener = new Listener(version);
  }

  async start(): Promise<void> {
    this.port = await this.listener.listen();
  }

  stop(): void {
    this.listener.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async run({ args, input = '', isEndless = false }: Run): Promise<RunResult> {
    this.listener.take();
    const given = args.map((arg) => (arg === 'BR' ? `tcp:127.0.0.1:${this.port}` : arg));
    const { exitCode, errors } = await this.finished(given, input, isEndless);
    return { messages: this.listener.take(), exitCode, errors };
  }

  private finished(args: readonly string[], input: string, isEndless: boolean) {
    const child = spawn('ovs-ofctl', ['-O', VERSION_NAMES[this.version], ...args], {
      // Its control socket, where it makes one, is private too.
      env: { ...process.env, OVS_RUNDIR: this.folder },
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    const end = () => child.kill('SIGKILL');
    let timer = setTimeout(end, RUN_MS_MAX);
    if (isEndless) {
      this.listener.onMessage = () => {
        clearTimeout(timer);
        timer = setTimeout(end, SILENCE_MS);
      };
    }
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (errors.length < OUTPUT_CHARS_MAX) errors += text;
    });
    child.stdin.on('error', () => undefined).end(input);
    return new Promise<{ exitCode: number | null; errors: string }>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exitCode) => {
        clearTimeout(timer);
        this.listener.onMessage = () => undefined;
        resolve({ exitCode, errors });
      });
    });
  }
}
