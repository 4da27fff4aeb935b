/**
 * What `demo` and `lab run` have in common: read the story, run it with progress on standard error, print
 * the report on standard output, clean up on Ctrl-C.
 */
import { access, constants, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type {
  GuestKind,
  ProgressLine,
  RunName,
  RunStoryOptions,
  Story,
  StoryResult,
  Style,
} from '@sluice/testbed';
import pc from 'picocolors';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';

export interface StoryCommand {
  readonly file: string;
  readonly simulate: boolean;
  /** How to ask for the simulation instead, for people without root. */
  readonly simulateHint: string;
  /** On real parts: what the VMs are. */
  readonly guests?: GuestKind | undefined;
  readonly json?: string | undefined;
  readonly keep?: boolean | undefined;
  readonly only?: RunName | undefined;
}

/** Runs it and returns the exit code; everything it started has ended by then. */
export async function runStoryCommand(command: StoryCommand, io: Io): Promise<ExitCode> {
  const { bold, dim, green, red } = pc.createColors(io.color);
  const complain = (line: string) => io.err(`${line}\n`);
  const { loadStory, StoryError, runStory, renderReport } = await import('@sluice/testbed');
  let story: Story;
  try {
    story = await loadStory(command.file);
  } catch (cause) {
    if (!(cause instanceof StoryError)) throw cause;
    for (const line of cause.message.split('\n')) complain(line);
    complain(
      dim(`${cause.problems.length} problem${cause.problems.length === 1 ? '' : 's'}; nothing was run`),
    );
    return EXIT.usage;
  }
  if (command.json !== undefined && !(await isWritable(dirname(command.json)))) {
    complain(`${command.json} cannot be written; nothing was run`);
    return EXIT.usage;
  }
  if (!command.simulate) {
    const { obstaclesToGuests, obstaclesToRealParts, tooMuchForRealParts } = await import('@sluice/testbed');
    const parts = command.guests === 'qemu' ? obstaclesToGuests() : obstaclesToRealParts();
    const obstacles = [...parts, ...tooMuchForRealParts(story, command.guests)];
    if (obstacles.length > 0) {
      for (const obstacle of obstacles) complain(`${obstacle}`);
      complain(`The same story runs in the simulator: ${bold(command.simulateHint)}`);
      return EXIT.usage;
    }
  }
  const style: Style = { bold, dim, good: green, bad: red };
  const ending = createEnding((line) => complain(dim(line)));
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
    io.out(renderReport(result, { style, width: process.stdout.columns ?? 92 }));
    if (command.json !== undefined) complain(dim(`written to ${command.json}`));
  }

  function runOptions(options: StoryCommand, end: Ending): RunStoryOptions {
    return {
      mode: options.simulate ? 'simulate' : 'real',
      guests: options.guests,
      ...(options.only ? { runs: [options.only] } : {}),
      signal: end.signal,
      note: narrator(complain, style),
      say: (text: string) => complain(dim(text)),
      ...(options.keep
        ? {
            keep: async ({ controllerUrl, result }) => {
              await publish(result);
              complain(`The controller and its network go on at ${bold(controllerUrl)}`);
              complain(dim(`for example: curl -s ${controllerUrl}/v1/topology    Ctrl-C ends them`));
              await end.askedToEnd();
            },
          }
        : {}),
    };
  }
}

const NAMES: Readonly<Record<RunName, string>> = { unmanaged: 'unmanaged', sluice: 'Sluice' };

/** Narrates the runs one after the other, each under its name. */
function narrator(complain: (line: string) => void, style: Style): (line: ProgressLine) => void {
  let shown: RunName | null = null;
  return ({ run, atSec, text }) => {
    if (run !== shown) complain(`${shown === null ? '' : '\n'}${style.bold(NAMES[run])}`);
    shown = run;
    complain(`${style.dim(`${atSec.toFixed(1).padStart(6)} s`)}  ${text}`);
  };
}

const isWritable = (folder: string): Promise<boolean> =>
  access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );

interface Ending {
  readonly signal: AbortSignal;
  /** Resolves at the next signal, which then does not abort anything. */
  askedToEnd(): Promise<void>;
  close(): void;
}

/** Ctrl-C and SIGTERM end the run in order; a second one is told that this is under way. */
function createEnding(say: (line: string) => void): Ending {
  const abort = new AbortController();
  let release: (() => void) | null = null;
  const listen = () => {
    say(abort.signal.aborted ? 'still cleaning up …' : 'cleaning up …');
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

function exitCode(result: StoryResult): ExitCode {
  const runs = [result.unmanaged, result.sluice].filter((run) => run !== undefined);
  if (runs.every((run) => run.outcome === 'completed' && run.problems.length === 0)) return EXIT.ok;
  return runs.some((run) => run.outcome === 'refused') ? EXIT.refused : EXIT.failed;
}
