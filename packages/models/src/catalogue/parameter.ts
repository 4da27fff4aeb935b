/**
 * Kinds of parameters of a model: each says how a value is written, which values are allowed, and how to mend one that
 * is not. A value comes as text from a command line or as JSON; both are read alike. The unit is in the parameter's name.
 */

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** What is said about every parameter, whatever its kind. */
export interface ParameterText {
  /** As in the name, for people: `Mbit/s`; null for a count, a ratio or a choice. */
  readonly unit: string | null;
  readonly default: JsonValue;
  readonly doc: string;
  /** Where the default comes from: a paper and its section, or "assumed" when nobody published it. */
  readonly source: string;
}

export interface ParameterKind<T> extends ParameterText {
  /** What may be written, for people: `number > 0`, `exact | primal-dual`. */
  readonly type: string;
  parse(given: unknown): Parsed<T>;
}

/** `fix` completes the sentence "give ...". */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fix: string };

export interface NumberRange {
  readonly min?: number;
  readonly above?: number;
  readonly max?: number;
  readonly integer?: boolean;
}

export const numberParameter = (text: ParameterText & NumberRange): ParameterKind<number> => ({
  ...describedBy(text),
  type: rangeText(text),
  parse: (given) => readNumber(given, text),
});

/** A number, or `none` (null in JSON) where a limit can be absent. */
export const optionalNumberParameter = (text: ParameterText & NumberRange): ParameterKind<number | null> => ({
  ...describedBy(text),
  type: `${rangeText(text)}, or none`,
  parse: (given) => {
    if (given === null || given === 'none') return { ok: true, value: null };
    const read = readNumber(given, text);
    return read.ok ? read : { ok: false, fix: `${read.fix}, or none` };
  },
});

/** Numbers between commas. */
export const numbersParameter = (
  text: ParameterText & NumberRange & { readonly countMax?: number },
): ParameterKind<readonly number[]> => {
  const countMax = text.countMax ?? LIST_MAX;
  const type = `list of ${rangeText(text).replace('number', 'numbers')}`;
  return {
    ...describedBy(text),
    type,
    parse: (given) => {
      const parts = listOf(given);
      const fix = `a ${type} between commas, 1 to ${countMax} of them`;
      if (parts.length === 0 || parts.length > countMax) return { ok: false, fix };
      const values: number[] = [];
      for (const part of parts) {
        const read = readNumber(part, text);
        if (!read.ok) return { ok: false, fix };
        values.push(read.value);
      }
      return { ok: true, value: values };
    },
  };
};

export const choiceParameter = <const C extends string>(
  text: ParameterText & { readonly choices: readonly C[]; readonly aliases?: Readonly<Record<string, C>> },
): ParameterKind<C> => {
  const type = text.choices.join(' | ');
  return {
    ...describedBy(text),
    type,
    parse: (given) => {
      const value = text.choices.find((choice) => choice === given) ?? text.aliases?.[String(given)];
      return value === undefined
        ? { ok: false, fix: `one of ${text.choices.join(', ')}` }
        : { ok: true, value };
    },
  };
};

/** The path of a file, or `none` (null in JSON); whoever runs the model reads it. */
export const fileParameter = (text: ParameterText): ParameterKind<string | null> => ({
  ...describedBy(text),
  type: 'path of a file, or none',
  parse: (given) => {
    if (given === null || given === 'none') return { ok: true, value: null };
    return typeof given === 'string' && given !== ''
      ? { ok: true, value: given }
      : { ok: false, fix: 'the path of a file, or none' };
  },
});

/** Items between commas, each read by a rule of the model's own (links, migrations). */
export const itemsParameter = <T>(
  text: ParameterText & { readonly item: string; read(item: string): T | null; readonly countMax?: number },
): ParameterKind<readonly T[]> => ({
  ...describedBy(text),
  type: `list of ${text.item}`,
  parse: (given) => {
    const parts = listOf(given).map(String);
    const values = parts.map((part) => text.read(part.trim()));
    const good = values.filter((value) => value !== null);
    return good.length === parts.length && parts.length > 0 && parts.length <= (text.countMax ?? LIST_MAX)
      ? { ok: true, value: good }
      : {
          ok: false,
          fix: `items like ${text.item} between commas, 1 to ${text.countMax ?? LIST_MAX} of them`,
        };
  },
});

/** Longer lists belong into a program that imports the package. */
const LIST_MAX = 10_000;

const describedBy = ({ unit, default: standard, doc, source }: ParameterText): ParameterText => ({
  unit,
  default: standard,
  doc,
  source,
});

const listOf = (given: unknown): readonly unknown[] =>
  Array.isArray(given) ? given : typeof given === 'string' ? given.split(',') : [given];

function readNumber(given: unknown, range: NumberRange): Parsed<number> {
  const value = typeof given === 'string' && given.trim() !== '' ? Number(given) : given;
  return typeof value === 'number' && isWithin(value, range)
    ? { ok: true, value }
    : { ok: false, fix: `a ${rangeText(range)}` };
}

const isWithin = (value: number, { min, above, max, integer }: NumberRange): boolean =>
  Number.isFinite(value) &&
  (min === undefined || value >= min) &&
  (above === undefined || value > above) &&
  (max === undefined || value <= max) &&
  (!integer || Number.isInteger(value));

function rangeText({ min, above, max, integer }: NumberRange): string {
  const noun = integer ? 'whole number' : 'number';
  const low = min !== undefined ? ` >= ${min}` : above !== undefined ? ` > ${above}` : '';
  const high = max !== undefined ? `${low === '' ? '' : ' and'} <= ${max}` : '';
  return `${noun}${low}${high}`;
}
