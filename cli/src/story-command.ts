/**
 * What `demo`, `lab run` and `simulate` have in common: read the story, run it with progress on standard error, print
 * the report on standard output, clean up on Ctrl-C. Exit codes: 0 done, 1 failed, 2 usage or story, 4 refused,
 * 130 interrupted.
 */
import { writeFile } from 'node:fs/promises';
import type { ProgressLine, RunName, RunStoryOptions, Story, StoryResult, Style } from '@sluice/testbed';
import pc from 'picocolors';

export const EXIT = { done: 0, failed: 1, usage: 2, refused: 4, interrupted: 130 } as const;

export interface StoryCommand {
  readonly file: string;
  readonly simulate: boolean;
  /** How to ask for the simulation instead, for people without root. */
  readonly simulateHint: string;
  readonly json?: string | undefined;
  readonly keep?: boolean | undefined;
  readonly only?: RunName | undefined;
  readonly seed?: number | undefined;
  readonly policy?: Story['migrations'][number]['policy'] | undefined;
  /** Print JSON instead of the report. */
  readonly printJson?: boolean | undefined;
}

/** Runs it and returns the exit code; everything it started has ended by then. */
export async function runStoryCommand(command: StoryCommand): Promise<number> {
  const { loadStory, StoryError, runStory, renderReport } = await import('@sluice/testbed');
  let story: Story;
  try {
    story = await loadStory(command.file);
  } catch (cause) {
    if (!(cause instanceof StoryError)) throw cause;
    for (const line of cause.message.split('\n')) complain(line);
    complain(
      pc.dim(`${cause.problems.length} problem${cause.problems.length === 1 ? '' : 's'}; nothing was run`),
    );
    return EXIT.usage;
  }
  if (!command.simulate) {
    const reasons = await reasonsAgainstRealParts();
    if (reasons.length > 0) {
      for (const reason of reasons) complain(reason);
      complain(`Without real parts the same story runs in the simulator: ${pc.bold(command.simulateHint)}`);
      return EXIT.usage;
    }
  }
  const ending = createEnding();
  try {
    const result = await runStory(story, runOptions(command, ending));
    if (!command.keep || command.simulate) await publish(result);
    return exitCode(result);
  } catch (cause) {
    if (ending.signal.aborted) {
      complain('interrupted; everything that was started has been ended');
      return EXIT.interrupted;
    }
    complain(`failed: ${cause instanceof Error ? cause.message : String(cause)}`);
    return EXIT.failed;
  } finally {
    ending.close();
  }

  async function publish(result: StoryResult): Promise<void> {
    if (command.json !== undefined) await writeFile(command.json, `${JSON.stringify(result, null, 2)}\n`);
    process.stdout.write(
      command.printJson
        ? `${JSON.stringify(result, null, 2)}\n`
        : renderReport(result, { style: style(), width: process.stdout.columns ?? 92 }),
    );
    if (command.json !== undefined) complain(pc.dim(`written to ${command.json}`));
  }

  function runOptions(options: StoryCommand, end: Ending): RunStoryOptions {
    return {
      mode: options.simulate ? 'simulate' : 'real',
      ...(options.only ? { runs: [options.only] } : {}),
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      policy: options.policy,
      signal: end.signal,
      ...(options.printJson ? {} : { note: printProgress, say: (text: string) => complain(pc.dim(text)) }),
      ...(options.keep
        ? {
            keep: async ({ controllerUrl, result }) => {
              await publish(result);
              complain(`The controller and its network go on at ${pc.bold(controllerUrl)}`);
              complain(pc.dim(`for example: curl -s ${controllerUrl}/v1/topology    Ctrl-C ends them`));
              await end.askedToEnd();
            },
          }
        : {}),
    };
  }
}

const NAMES: Readonly<Record<RunName, string>> = { unmanaged: 'unmanaged', sluice: 'Sluice' };
let runShown: RunName | null = null;

function printProgress({ run, atSec, text }: ProgressLine): void {
  if (run !== runShown) complain(`${runShown === null ? '' : '\n'}${pc.bold(NAMES[run])}`);
  runShown = run;
  complain(`${pc.dim(`${atSec.toFixed(1).padStart(6)} s`)}  ${text}`);
}

interface Ending {
  readonly signal: AbortSignal;
  /** Resolves at the next signal, which then does not abort anything. */
  askedToEnd(): Promise<void>;
  close(): void;
}

/** Ctrl-C and SIGTERM end the run in order; a second one is told that this is under way. */
function createEnding(): Ending {
  const abort = new AbortController();
  let release: (() => void) | null = null;
  const listen = () => {
    complain(pc.dim(abort.signal.aborted ? 'still cleaning up …' : 'cleaning up …'));
    if (release) release();
    else abort.abort(new Error('interrupted'));
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, listen);
  return {
    signal: abort.signal,
    askedToEnd: () =>
      new Promise((resolve) => {
        release = resolve;
      }),
    close: () => {
      for (const signal of signals) process.off(signal, listen);
    },
  };
}

async function reasonsAgainstRealParts(): Promise<readonly string[]> {
  if (process.platform !== 'linux') return [`Real parts need Linux; this is ${process.platform}.`];
  if (process.getuid?.() !== 0)
    return ['Real parts (Open vSwitch, network namespaces) need root; run it through sudo.'];
  return [];
}

function exitCode(result: StoryResult): number {
  const runs = [result.unmanaged, result.sluice].filter((run) => run !== undefined);
  if (runs.every((run) => run.outcome === 'completed' && run.problems.length === 0)) return EXIT.done;
  return runs.some((run) => run.outcome === 'refused') ? EXIT.refused : EXIT.failed;
}

const style = (): Style => ({ bold: pc.bold, dim: pc.dim, good: pc.green, bad: pc.red });

function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}
