/**
 * Scenarios: the whole core in virtual time, as a text that an engineer can read. Above `----` what there is and what
 * happens, below it what is expected to come of it. Times count from the end of the warm-up of one second.
 */
import type { ReadTrace, Story } from '../story/index.ts';
import { Draft } from './scenario-draft.ts';
import { LineError, ScenarioError, type ScenarioProblem, Words } from './scenario-words.ts';
import type { Fault } from './types.ts';

const SEPARATOR = '----';
/** A scenario is read by people; anything larger is a story that a program wrote. */
const SCENARIO_CHARACTERS_MAX = 1_000_000;

export interface Scenario {
  /** The comment at the top. */
  readonly title: string;
  readonly story: Story;
  readonly faults: readonly Fault[];
  readonly mode: 'managed' | 'unmanaged' | 'both';
  readonly untilSec: number | null;
}

export interface ScenarioSource {
  /** For messages; null = lines are named by their number alone. */
  readonly file?: string | null;
  /** Reads recorded traces by their path relative to the scenario; null = it may refer to none. */
  readonly readTrace?: ReadTrace | null;
}

/** Input and expected output of a scenario file. */
export function splitScenario(text: string): { readonly input: string; readonly expected: string } {
  const lines = text.replaceAll('\r\n', '\n');
  const at = lines.indexOf(`\n${SEPARATOR}\n`);
  if (at < 0) return { input: lines.trimEnd(), expected: '' };
  return { input: lines.slice(0, at), expected: lines.slice(at + SEPARATOR.length + 2) };
}
export const joinScenario = (input: string, expected: string): string =>
  `${input.trimEnd()}\n${SEPARATOR}\n${expected}`;

/** Reads what stands above `----`. @throws ScenarioError naming every line that cannot be understood or does not fit */
export function parseScenario(
  input: string,
  { file = null, readTrace = null }: ScenarioSource = {},
): Scenario {
  if (input.length > SCENARIO_CHARACTERS_MAX)
    throw new ScenarioError(
      [{ line: null, message: `longer than ${SCENARIO_CHARACTERS_MAX} characters` }],
      file,
    );
  const lines = input.split('\n');
  const draft = new Draft(readTrace);
  const problems: ScenarioProblem[] = [];
  lines.forEach((text, index) => {
    const content = text.replace(/#.*/, '').trim();
    if (content === '') return;
    try {
      draft.take(new Words(content), index + 1);
    } catch (cause) {
      if (!(cause instanceof LineError)) throw cause;
      problems.push({ line: index + 1, message: cause.message });
    }
  });
  // What could not be read is missing to the rest, so the rest is checked once every line has been understood.
  const finished = problems.length === 0 ? draft.finish() : null;
  problems.push(...(finished?.problems ?? []));
  if (problems.length > 0 || !finished?.story)
    throw new ScenarioError(
      problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)),
      file,
    );
  const title = lines
    .filter((line) => line.startsWith('#'))
    .map((line) => line.slice(1).trim())
    .join(' ');
  const { faults, mode, untilSec } = draft;
  return { title, story: finished.story, faults, mode, untilSec };
}
