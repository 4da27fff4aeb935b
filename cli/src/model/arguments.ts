/** What `sluice model` is told: `key=value` pairs and sweeps `key=from:to:step`. */
import { CliError, EXIT } from '../exit-code.ts';

export interface Sweep {
  readonly parameter: string;
  readonly values: readonly number[];
}

/** A curve needs no more points, and every point is a run of the model. */
export const SWEEP_POINTS_MAX = 10_000;

/** Everything that is wrong is said at once. @throws CliError */
export function parsePairs(pairs: readonly string[]): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  const problems: string[] = [];
  for (const pair of pairs) {
    const [, key, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
    if (key === undefined || value === undefined)
      problems.push(`--set ${pair}: write key=value, for instance rounds=3`);
    else if (Object.hasOwn(values, key)) problems.push(`--set ${key}: given twice`);
    else values[key] = value;
  }
  if (problems.length > 0) throw new CliError(EXIT.usage, problems.join('\n'));
  return values;
}

/** Both ends are included where the steps meet them. @throws CliError */
export function parseSweep(text: string): Sweep {
  const [, parameter, ...ends] = /^([^=]+)=([^:]+):([^:]+):([^:]+)$/.exec(text) ?? [];
  const [from, to, step] = ends.map(Number);
  const refusal = (why: string) => new CliError(EXIT.usage, `--sweep ${text}: ${why}`);
  if (parameter === undefined || from === undefined || to === undefined || step === undefined)
    throw refusal('write key=from:to:step, for instance rounds=0:8:1');
  if (![from, to, step].every(Number.isFinite)) throw refusal('from, to and step are numbers');
  if (step === 0 || (to - from) / step < 0) throw refusal('step leads from "from" to "to"');
  const last = Math.floor((to - from) / step + 1e-9);
  if (last >= SWEEP_POINTS_MAX) throw refusal(`at most ${SWEEP_POINTS_MAX} points; take a larger step`);
  // 0.1 + 0.2 and friends: a point is as round as the numbers it was made from.
  const values = Array.from({ length: last + 1 }, (_, index) =>
    Number((from + index * step).toPrecision(12)),
  );
  return { parameter, values };
}
