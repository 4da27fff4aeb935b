/** Puts recorded traces in the place of the references to them, before a story is checked. */
import { isAbsolute, relative } from 'node:path';
import type { Complaint } from './checks.ts';
import { parseTrace } from './trace.ts';
import type { WorkloadPhase } from './workload.ts';

/** Reads a file by its path relative to the story. @throws with a sentence when it cannot be read */
export type ReadTrace = (path: string) => string;

/** So that the rest of the story is checked all the same. */
const STAND_IN: WorkloadPhase = {
  durationSec: 1,
  dirtyRateBytesPerSec: 0,
  workingSetBytes: 4096,
  pattern: 'cyclic',
};

/** Phases of one reference, or why there are none: sentences that name the file and its lines. */
export function traceOf(
  path: string,
  memoryBytes: number,
  read: ReadTrace | null,
): { readonly phases: readonly WorkloadPhase[]; readonly problems: readonly string[] } {
  const fail = (...problems: string[]) => ({ phases: [STAND_IN], problems });
  if (read === null) return fail(`${path}: a trace is read from beside a file, and this story is none`);
  if (isAbsolute(path) || relative('.', path).startsWith('..'))
    return fail(`${path}: a trace lies beside the story or in a folder below; write a relative path`);
  let text: string;
  try {
    text = read(path);
  } catch (cause) {
    return fail(`${path}: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  const trace = parseTrace(text, memoryBytes);
  if (trace.ok) return { phases: trace.phases, problems: [] };
  return fail(...trace.problems.map(({ line, message }) => `${path}:${line} ${message}`));
}

/** The story as it was read, with `workload.trace` replaced by `workload.phases`. */
export function withTraces(
  input: unknown,
  read: ReadTrace | null,
): { readonly input: unknown; readonly complaints: readonly Complaint[] } {
  if (!isRecord(input) || !Array.isArray(input.vms)) return { input, complaints: [] };
  const complaints: Complaint[] = [];
  const vms = input.vms.map((vm: unknown, index) => {
    if (!isRecord(vm) || !isRecord(vm.workload) || vm.workload.trace === undefined) return vm;
    const { trace, ...workload } = vm.workload;
    const path = ['vms', index, 'workload', 'trace'];
    if (typeof trace !== 'string') {
      complaints.push({ path, message: 'the path of a file, relative to the story' });
      return { ...vm, workload: { ...workload, phases: [STAND_IN] } };
    }
    if (workload.phases !== undefined) {
      complaints.push({ path, message: 'a workload is a trace or phases, not both', isAboutKey: true });
      return { ...vm, workload };
    }
    const memoryBytes = typeof vm.memoryBytes === 'number' ? vm.memoryBytes : Number.POSITIVE_INFINITY;
    const { phases, problems } = traceOf(trace, memoryBytes, read);
    complaints.push(...problems.map((message) => ({ path, message })));
    return { ...vm, workload: { ...workload, phases: [...phases] } };
  });
  return { input: { ...input, vms }, complaints };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
