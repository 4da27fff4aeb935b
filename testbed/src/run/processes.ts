/** The controller and the agents of a run as processes of their own: a crash of one takes nothing else down. */
import { writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type Lab, LabFailure, type LabProcess } from '../lab/index.ts';

/** Start of Node, Redis connection, open ports: a second on a small machine, ten when it is busy. */
const START_TIMEOUT_MS = 60_000;
/** The controller aborts live migrations and releases everything within ten seconds. */
const STOP_TIMEOUT_MS = 12_000;
const LINES_MAX = 200;
/** They measure and decide within milliseconds, so they go before ordinary work and behind the switches. */
const NICENESS = -10;

const lineSchema = z.looseObject({ event: z.string().optional(), msg: z.string().optional() });
export type LogLine = z.output<typeof lineSchema>;

export interface LoggingProcess {
  readonly process: LabProcess;
  /** The first line with this event, also when it came before the question. @throws LabFailure */
  heard(event: string): Promise<LogLine>;
  /** SIGTERM, and time to put everything back. */
  stop(): Promise<void>;
}

/** Starts a program of this repository that is given `--config FILE` and logs JSON lines. */
export async function startConfigured(
  lab: Lab,
  options: {
    readonly name: string;
    readonly program: 'controller' | 'agents';
    readonly config: object;
    readonly namespace?: string;
  },
): Promise<LoggingProcess> {
  const file = `${lab.dir}/${options.name}.json`;
  await writeFile(file, JSON.stringify(options.config, null, 2), { mode: 0o600 });
  const lines: LogLine[] = [];
  const waiting = new Set<() => void>();
  const child = lab.spawnNode({
    name: options.name,
    ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
    entry: fileURLToPath(new URL(`../../../${options.program}/dist/main.js`, import.meta.url)),
    args: ['--config', file],
    niceness: NICENESS,
    onLine: (text) => {
      const line = parseLine(text);
      if (!line) return;
      lines.push(line);
      if (lines.length > LINES_MAX) lines.shift();
      for (const look of waiting) look();
    },
  });
  const heard = (event: string) =>
    new Promise<LogLine>((resolve, reject) => {
      const timer = setTimeout(
        () =>
          done(() =>
            reject(
              new LabFailure({
                code: 'timed_out',
                what: `${event} of ${options.name}`,
                afterMs: START_TIMEOUT_MS,
              }),
            ),
          ),
        START_TIMEOUT_MS,
      );
      const look = () => {
        const line = lines.find((one) => one.event === event);
        if (line) done(() => resolve(line));
      };
      const done = (settle: () => void) => {
        clearTimeout(timer);
        waiting.delete(look);
        settle();
      };
      waiting.add(look);
      look();
      child.exited.then(({ code }) =>
        done(() =>
          reject(
            new LabFailure({
              code: 'process_ended',
              name: options.name,
              exitCode: code,
              output: [...child.errorLines, ...lines.slice(-3).map((line) => JSON.stringify(line))].join(
                '\n',
              ),
            }),
          ),
        ),
      );
    });
  return {
    process: child,
    heard,
    async stop() {
      if (!child.running) return;
      process.kill(child.pid, 'SIGTERM');
      await Promise.race([child.exited, delay(STOP_TIMEOUT_MS, undefined, { ref: false })]);
      await child.stop();
    },
  };
}

function parseLine(text: string): LogLine | null {
  try {
    return lineSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
