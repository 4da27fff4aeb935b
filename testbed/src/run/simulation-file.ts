/** A file that can be run in virtual time: a scenario (`.txt`) or a story (`.yaml`, `.yml`). */
import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { parseScenario, splitScenario } from '../simulator/scenario.ts';
import { ScenarioError } from '../simulator/scenario-words.ts';
import type { Fault } from '../simulator/types.ts';
import { loadStory, type Story, tracesBeside } from '../story/index.ts';
import { RUN_NAMES, type RunName } from './result.ts';

export interface SimulationFile {
  readonly kind: 'scenario' | 'story';
  readonly story: Story;
  readonly faults: readonly Fault[];
  /** What is run when nobody says otherwise. */
  readonly runs: readonly RunName[];
  /** From the start of the VMs; null = until everything has ended. */
  readonly untilSec: number | null;
  /** What a scenario says below `----`; null when it says nothing, and for stories. */
  readonly expected: string | null;
}

/** @throws StoryError or ScenarioError, each with every problem of the file */
export async function loadSimulation(file: string): Promise<SimulationFile> {
  const kind = extname(file);
  if (kind === '.yaml' || kind === '.yml') return ofStory(await loadStory(file));
  if (kind !== '.txt')
    throw new ScenarioError(
      [{ line: null, message: 'the name of a scenario ends with .txt, that of a story with .yaml or .yml' }],
      file,
    );
  const { input, expected } = splitScenario(await readText(file));
  const { story, faults, mode, untilSec } = parseScenario(input, { file, readTrace: tracesBeside(file) });
  return {
    kind: 'scenario',
    story: { ...story, name: nameOf(file) },
    faults,
    runs: mode === 'both' ? RUN_NAMES : [mode === 'unmanaged' ? 'unmanaged' : 'sluice'],
    untilSec,
    expected: expected === '' ? null : expected,
  };
}

const ofStory = (story: Story): SimulationFile => ({
  kind: 'story',
  story,
  faults: [],
  runs: RUN_NAMES,
  untilSec: null,
  expected: null,
});

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    const message =
      code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'this is a folder, not a file' : code;
    throw new ScenarioError([{ line: null, message }], file);
  }
}

const nameOf = (file: string): string => basename(file, extname(file));
