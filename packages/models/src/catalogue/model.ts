/**
 * One interface for every model of the catalogue: described parameters in, a JSON-able result out. A model is defined
 * by `defineModel`, which keeps the types of its parameters; whoever runs it by name gives text or JSON and gets either
 * the result or everything that is wrong with the parameters at once.
 * Values have been read by their own parameters, hence the casts.
 */
import type { LinearSolver } from '../electricity/milp.ts';
import type { Chart } from './chart.ts';
import type { JsonValue, ParameterKind } from './parameter.ts';

export interface ModelParameter {
  /** Carries the unit: `memoryMbit`. */
  readonly name: string;
  readonly unit: string | null;
  readonly type: string;
  readonly default: JsonValue;
  readonly doc: string;
  readonly source: string;
}

export type ModelResult = { readonly [key: string]: JsonValue };

/** `feasible: false` with the limits that failed is a result, not an error. */
export type ModelRun =
  | { readonly ok: true; readonly result: ModelResult }
  | { readonly ok: false; readonly problems: readonly ParameterProblem[] };

export interface ParameterProblem {
  readonly parameter: string;
  /** What is wrong and what to write instead. */
  readonly message: string;
}

/** What a model cannot get for itself, because it does no input and nothing asynchronous. */
export interface ModelNeeds {
  readonly solver: boolean;
  readonly files: readonly ModelFile[];
}

export interface ModelFile {
  /** The parameter that names the file. */
  readonly parameter: string;
  readonly path: string;
  readonly bytesMax: number;
}

/** What was got for it: a solver that is ready, and the text of each file by its path. */
export interface ModelInputs {
  readonly solver: LinearSolver | null;
  readonly files: ReadonlyMap<string, string>;
}

const NO_NEEDS: ModelNeeds = { solver: false, files: [] };
const NO_INPUTS: ModelInputs = { solver: null, files: new Map() };

/** A figure of a paper, or one that explains the model; computed, never copied. */
export interface ModelFigure {
  readonly name: string;
  readonly title: string;
  draw(): Chart;
}

export interface ModelEntry {
  readonly name: string;
  readonly title: string;
  /** The paper, and the section or equation. */
  readonly source: string;
  readonly parameters: readonly ModelParameter[];
  readonly figures: readonly ModelFigure[];
  /** Parameters that are not given take their defaults; unknown names are problems. */
  run(given: Readonly<Record<string, unknown>>, inputs?: ModelInputs): ModelRun;
  /** What `run` must be given with these parameters; nothing when they are wrong, which `run` then says. */
  needs(given: Readonly<Record<string, unknown>>): ModelNeeds;
}

type Kinds = Readonly<Record<string, ParameterKind<unknown>>>;
export type ValuesOf<K extends Kinds> = {
  readonly [N in keyof K]: K[N] extends ParameterKind<infer T> ? T : never;
};

export interface ModelDefinition<K extends Kinds> {
  readonly name: string;
  readonly title: string;
  readonly source: string;
  readonly parameters: K;
  readonly figures?: readonly ModelFigure[];
  /** Left away by models that are computed from their parameters alone. */
  needs?(values: ValuesOf<K>): ModelNeeds;
  /** What no single parameter can tell: rules between them, and what is wrong with files. */
  check?(values: ValuesOf<K>, inputs: ModelInputs): readonly ParameterProblem[];
  compute(values: ValuesOf<K>, inputs: ModelInputs): ModelResult;
}

export const defineModel = <K extends Kinds>(definition: ModelDefinition<K>): ModelEntry => ({
  name: definition.name,
  title: definition.title,
  source: definition.source,
  parameters: Object.entries(definition.parameters).map(([name, { parse: _, ...text }]) => ({
    name,
    ...text,
  })),
  figures: definition.figures ?? [],
  run: (given, inputs = NO_INPUTS) => {
    const { values, problems } = readValues(definition.parameters, given);
    if (problems.length > 0) return { ok: false, problems };
    const broken = definition.check?.(values as ValuesOf<K>, inputs) ?? [];
    if (broken.length > 0) return { ok: false, problems: broken };
    return { ok: true, result: definition.compute(values as ValuesOf<K>, inputs) };
  },
  needs: (given) => {
    const { values, problems } = readValues(definition.parameters, given);
    return problems.length > 0 ? NO_NEEDS : (definition.needs?.(values as ValuesOf<K>) ?? NO_NEEDS);
  },
});

function readValues(kinds: Kinds, given: Readonly<Record<string, unknown>>) {
  const values: Record<string, unknown> = {};
  const problems: ParameterProblem[] = [];
  for (const name of Object.keys(given))
    if (!Object.hasOwn(kinds, name)) problems.push(unknownName(name, kinds));
  for (const [name, kind] of Object.entries(kinds)) {
    const written = Object.hasOwn(given, name) ? given[name] : kind.default;
    const parsed = kind.parse(written);
    if (parsed.ok) values[name] = parsed.value;
    else problems.push({ parameter: name, message: `${shown(written)} will not do: give ${parsed.fix}` });
  }
  return { values, problems };
}

const shown = (given: unknown): string =>
  typeof given === 'string' ? `"${given}"` : (JSON.stringify(given) ?? 'nothing');

function unknownName(name: string, kinds: Kinds): ParameterProblem {
  const names = Object.keys(kinds);
  const close = names.filter((known) => sharedStart(known, name) >= NAME_STEM);
  const choices = close.length > 0 ? close : names;
  return { parameter: name, message: `there is no such parameter: give ${choices.join(', ')}` };
}

/** So many letters in common make a name worth proposing. */
const NAME_STEM = 5;

function sharedStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length]?.toLowerCase() === b[length]?.toLowerCase()) length += 1;
  return length;
}
