/** Runs a file in virtual time and prints what came of it: text for people, one document for programs. */
import type { RatePolicyName } from '@sluice/controller/core';
import type { RunName, SimulatedRun, SimulationFile, SimulationProgress, Style } from '@sluice/testbed';
import pc from 'picocolors';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';
import { diffLines } from './terminal/diff.ts';

export interface SimulateCommand {
  readonly file: string;
  readonly seed: number;
  readonly policy: RatePolicyName | undefined;
  /** undefined: what the file says. */
  readonly runs: readonly RunName[] | undefined;
  /** Decide everything, do nothing. */
  readonly shadow: boolean;
  readonly untilSec: number | undefined;
  readonly json: boolean;
  readonly check: boolean;
}

/** A shorter simulation needs no progress. */
const SILENT_MS = 1_000;
const PROGRESS_PERIOD_MS = 100;

/** Runs it and returns the exit code. */
export async function simulateFile(command: SimulateCommand, io: Io): Promise<ExitCode> {
  const { loadSimulation, runSimulation } = await import('@sluice/testbed');
  const written = await readFile(command.file, io, loadSimulation);
  if (written === null) return EXIT.usage;
  const file = command.shadow ? inShadow(written) : written;
  if (command.check && file.expected === null) {
    io.err(`${command.file} says nothing below ----, so there is nothing to compare with\n`);
    return EXIT.usage;
  }
  const progress = createProgressLine(io);
  const { signal } = io;
  try {
    const runs = await runSimulation(file, {
      ...command,
      explains: command.json,
      signal,
      onProgress: progress.show,
    });
    progress.end();
    return await publish(command, file, runs, io);
  } catch (cause) {
    progress.end();
    if (signal.aborted) {
      io.err('interrupted\n');
      return EXIT.interrupted;
    }
    throw cause;
  }
}

const inShadow = (file: SimulationFile): SimulationFile => ({
  ...file,
  story: { ...file.story, controller: { ...file.story.controller, shadow: true } },
});

async function readFile(
  name: string,
  io: Io,
  load: (file: string) => Promise<SimulationFile>,
): Promise<SimulationFile | null> {
  const { ScenarioError, StoryError } = await import('@sluice/testbed');
  try {
    return await load(name);
  } catch (cause) {
    if (!(cause instanceof ScenarioError || cause instanceof StoryError)) throw cause;
    const count = cause.problems.length;
    const { dim } = pc.createColors(io.color);
    io.err(`${cause.message}\n${dim(`${count} problem${count === 1 ? '' : 's'}; nothing was run`)}\n`);
    return null;
  }
}

async function publish(
  command: SimulateCommand,
  file: SimulationFile,
  runs: readonly SimulatedRun[],
  io: Io,
): Promise<ExitCode> {
  const { renderReport, simulationDocument, simulationText } = await import('@sluice/testbed');
  const text = simulationText(file.story, runs);
  if (command.check) return compare(file.expected ?? '', text, command.file, io);
  if (command.json) {
    const { seed } = command;
    const document = simulationDocument(runs, { seed, warmupSec: file.story.warmupSec });
    io.out(`${JSON.stringify(document, null, 2)}\n`);
  } else {
    io.out(text);
    if (file.kind === 'story') {
      const { bold, dim, green, red } = pc.createColors(io.color);
      const style: Style = { bold, dim, good: green, bad: red };
      const results = Object.fromEntries(runs.map(({ run, result }) => [run, result]));
      io.out(`\n${renderReport(results, { style, width: process.stdout.columns ?? 92 })}`);
    }
  }
  return file.kind === 'story' ? endOf(runs) : EXIT.ok;
}

function compare(expected: string, found: string, name: string, io: Io): ExitCode {
  const lines = diffLines(expected, found);
  if (lines.length === 0) {
    io.err(`${name} comes out as written\n`);
    return EXIT.ok;
  }
  const { dim, green, red } = pc.createColors(io.color);
  const paint = { '-': red, '+': green, ' ': dim } as const;
  io.out(lines.map(({ sign, text }) => `${paint[sign](`${sign}${text}`)}\n`).join(''));
  io.err(`${name} comes out otherwise: - is written in the file, + is what came\n`);
  return EXIT.failed;
}

function endOf(runs: readonly SimulatedRun[]): ExitCode {
  const results = runs.map(({ result }) => result);
  if (results.every(({ outcome, problems }) => outcome === 'completed' && problems.length === 0))
    return EXIT.ok;
  return results.some(({ outcome }) => outcome === 'refused') ? EXIT.refused : EXIT.failed;
}

interface ProgressLine {
  show(this: void, run: RunName, progress: SimulationProgress): void;
  end(): void;
}

/** One line, drawn over on a terminal; nothing elsewhere, and nothing for what is quick. */
function createProgressLine(io: Io): ProgressLine {
  const beganMs = performance.now();
  let shownMs = beganMs + SILENT_MS - PROGRESS_PERIOD_MS;
  let isShown = false;
  return {
    show(run, { nowSec, ended, migrations }) {
      const nowMs = performance.now();
      if (!io.isTerminal || nowMs - shownMs < PROGRESS_PERIOD_MS) return;
      shownMs = nowMs;
      isShown = true;
      io.err(
        `\r\u001b[K${run}: ${nowSec.toFixed(0)} s of virtual time, ${ended} of ${migrations} migrations ended`,
      );
    },
    end() {
      if (isShown) io.err('\r\u001b[K');
      isShown = false;
    },
  };
}
