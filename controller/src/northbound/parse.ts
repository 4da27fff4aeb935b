/** Parsing at the door: what does not fit becomes one problem that names every field and what it wants. */
import type { z } from 'zod';
import { Problem, type ProblemDetail } from './problem.ts';

export interface Fixes {
  readonly fields: Readonly<Record<string, string>>;
  readonly unknownField: (field: string) => string;
}

/** Errors listed in one document. */
const ERRORS_MAX = 20;
const NAME_LENGTH_MAX = 80;

/** @throws Problem invalid_request */
export function parseOrRefuse<T>(schema: z.ZodType<T>, input: unknown, fixes: Fixes): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.flatMap((issue) => detailsOf(issue, fixes)).slice(0, ERRORS_MAX);
  const first = errors[0];
  throw new Problem({
    status: 400,
    code: 'invalid_request',
    title: 'Invalid request',
    detail: errors.map(({ path, message }) => `${path || 'the request'}: ${message}`).join('; '),
    fix: first?.fix ? `${first.path || 'The request'}: ${first.fix}` : 'Correct the fields that are listed.',
    errors,
  });
}

function detailsOf(issue: z.core.$ZodIssue, fixes: Fixes): ProblemDetail[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      path: key.slice(0, NAME_LENGTH_MAX),
      message: 'unknown field',
      fix: fixes.unknownField(key.slice(0, NAME_LENGTH_MAX)),
    }));
  const path = issue.path.map(String).join('.').slice(0, NAME_LENGTH_MAX);
  const fix = fixes.fields[path];
  return [{ path, message: issue.message, ...(fix ? { fix } : {}) }];
}
