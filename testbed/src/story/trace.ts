/**
 * Recorded dirty rates: a table `seconds,bytesPerSec,workingSetBytes`, one line from when it holds, in order of time.
 * The first line holds from the VM's start. Lines that begin with # are comments.
 */
import { PAGE_BYTES, PHASES_MAX, type WorkloadPhase } from './workload.ts';

export const TRACE_HEADER = 'seconds,bytesPerSec,workingSetBytes';
/** Problems told of one file; whoever has more has another kind of file. */
const PROBLEMS_MAX = 20;

export interface TraceProblem {
  /** Of the trace. */
  readonly line: number;
  readonly message: string;
}

export type Trace =
  | { readonly ok: true; readonly phases: readonly WorkloadPhase[] }
  | { readonly ok: false; readonly problems: readonly TraceProblem[] };

interface Row {
  readonly line: number;
  readonly atSec: number;
  readonly rate: number;
  readonly workingSetBytes: number;
}

/** `memoryBytes`: no working set is larger. The last line lasts as long as the one before it, or stays. */
export function parseTrace(text: string, memoryBytes: number): Trace {
  const problems: TraceProblem[] = [];
  const rows: Row[] = [];
  let hasHeader = false;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = index + 1;
    const content = raw.trim();
    if (content === '' || content.startsWith('#')) continue;
    if (!hasHeader) {
      hasHeader = true;
      if (content.replaceAll(' ', '') === TRACE_HEADER) continue;
      problems.push({ line, message: `the first line is ${TRACE_HEADER}, found ${content.slice(0, 60)}` });
      if (/[A-Za-z]/.test(content)) continue;
    }
    const row = rowOf(content, line, memoryBytes, (message) => problems.push({ line, message }));
    const before = rows.at(-1);
    if (row === null) continue;
    if (before === undefined && row.atSec !== 0)
      problems.push({ line, message: `the first line holds from second 0, found ${row.atSec}` });
    if (before !== undefined && row.atSec <= before.atSec)
      problems.push({ line, message: `second ${row.atSec} does not come after ${before.atSec}` });
    rows.push(row);
  }
  if (rows.length === 0 && problems.length === 0)
    problems.push({ line: 1, message: `there is no line below ${TRACE_HEADER}` });
  if (rows.length > PHASES_MAX)
    problems.push({
      line: PHASES_MAX,
      message: `at most ${PHASES_MAX} lines are read, here are ${rows.length}`,
    });
  return problems.length === 0
    ? { ok: true, phases: phasesOf(rows) }
    : { ok: false, problems: shortened(problems) };
}

function rowOf(
  content: string,
  line: number,
  memoryBytes: number,
  complain: (message: string) => void,
): Row | null {
  const cells = content.split(',').map((cell) => cell.trim());
  const [atSec, rate, workingSetBytes] = cells.map((cell) => (cell === '' ? Number.NaN : Number(cell)));
  if (cells.length !== 3 || atSec === undefined || rate === undefined || workingSetBytes === undefined) {
    complain(`three numbers, ${TRACE_HEADER}, found ${cells.length}`);
    return null;
  }
  let isWhole = true;
  const check = (isGood: boolean, message: string) => {
    if (isGood) return;
    isWhole = false;
    complain(message);
  };
  check(Number.isFinite(atSec) && atSec >= 0, `seconds is a number from 0, found "${cells[0]}"`);
  check(Number.isFinite(rate) && rate >= 0, `bytesPerSec is a number from 0, found "${cells[1]}"`);
  check(
    Number.isInteger(workingSetBytes) && workingSetBytes >= PAGE_BYTES && workingSetBytes <= memoryBytes,
    `workingSetBytes is a whole number from ${PAGE_BYTES} to the VM's memory ${memoryBytes}, found "${cells[2]}"`,
  );
  return isWhole ? { line, atSec, rate, workingSetBytes } : null;
}

const phasesOf = (rows: readonly Row[]): WorkloadPhase[] =>
  rows.map((row, index) => {
    const next = rows[index + 1];
    const before = rows[index - 1];
    const durationSec = next ? next.atSec - row.atSec : before ? row.atSec - before.atSec : 1;
    return {
      durationSec,
      dirtyRateBytesPerSec: row.rate,
      workingSetBytes: row.workingSetBytes,
      pattern: 'cyclic',
    };
  });

function shortened(problems: readonly TraceProblem[]): readonly TraceProblem[] {
  const shown = problems.slice(0, PROBLEMS_MAX);
  const last = problems[PROBLEMS_MAX];
  return last === undefined
    ? shown
    : [...shown, { line: last.line, message: `and ${problems.length - PROBLEMS_MAX} more from here` }];
}
