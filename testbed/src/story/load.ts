/** Reads a story file. Every problem is reported at once, as `file:line:col path message`. */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Document, isMap, isNode, isPair, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { type Complaint, checkStory } from './checks.ts';
import { type Story, storySchema } from './schema.ts';
import { type ReadTrace, withTraces } from './trace-reference.ts';
import { unitHint } from './unit-hint.ts';

/** A story is written by hand; anything larger is a mistake. */
const STORY_BYTES_MAX = 1_000_000;

export interface StoryProblem {
  readonly line: number;
  readonly column: number;
  /** `vms.0.memoryBytes`; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
}

/** The file cannot be run as it is; `problems` names every reason. */
export class StoryError extends Error {
  override readonly name = 'StoryError';
  constructor(
    readonly file: string,
    readonly problems: readonly StoryProblem[],
  ) {
    super(problems.map((problem) => formatProblem(file, problem)).join('\n'));
  }
}

export const formatProblem = (file: string, { line, column, path, message }: StoryProblem): string =>
  `${file}:${line}:${column} ${path ? `${path} ` : ''}${message}`;

/** @throws StoryError when the file cannot be read or is not a story. */
export async function loadStory(file: string): Promise<Story> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
    const message =
      code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'this is a folder, not a file' : code;
    throw new StoryError(file, [{ line: 1, column: 1, path: '', message }]);
  }
  return parseStory(text, file, tracesBeside(file));
}

/** Reads files by their path relative to `file`. */
export const tracesBeside =
  (file: string): ReadTrace =>
  (path) => {
    try {
      return readFileSync(join(dirname(file), path), 'utf8');
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
      throw new Error(code === 'ENOENT' ? 'there is no such file' : code, { cause });
    }
  };

/** `readTrace` reads what a workload refers to; null = nothing may be referred to. @throws StoryError naming every problem found. */
export function parseStory(text: string, file: string, readTrace: ReadTrace | null = null): Story {
  if (text.length > STORY_BYTES_MAX)
    throw new StoryError(file, [
      { line: 1, column: 1, path: '', message: `longer than ${STORY_BYTES_MAX} characters` },
    ]);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0)
    throw new StoryError(
      file,
      document.errors.map((error) => ({ ...place(lines, error.pos[0]), path: '', message: error.message })),
    );
  let input: unknown;
  try {
    input = document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    throw new StoryError(file, [
      { line: 1, column: 1, path: '', message: cause instanceof Error ? cause.message : String(cause) },
    ]);
  }
  if (input === null || input === undefined)
    throw new StoryError(file, [{ line: 1, column: 1, path: '', message: 'the file is empty' }]);
  const traced = withTraces(input, readTrace);
  const parsed = storySchema.safeParse(traced.input);
  const complaints = [
    ...traced.complaints,
    ...(parsed.success
      ? checkStory(parsed.data)
      : parsed.error.issues.flatMap((issue) => complaintsOf(issue, input))),
  ];
  if (complaints.length > 0) {
    const problems = complaints.map(({ path, message, isAboutKey }) => ({
      ...place(lines, offsetOf(document, path, isAboutKey ?? false)),
      path: path.join('.'),
      message,
    }));
    throw new StoryError(
      file,
      problems.sort((a, b) => a.line - b.line || a.column - b.column),
    );
  }
  return (parsed as z.ZodSafeParseSuccess<Story>).data;
}

/** One complaint per unknown key; a hint where a number was written with its unit. */
function complaintsOf(issue: z.core.$ZodIssue, input: unknown): Complaint[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `unknown key ${key}; the README of the stories lists the keys`,
      isAboutKey: true,
    }));
  const value = valueAt(input, path);
  const key = path.findLast((part) => typeof part === 'string') ?? '';
  if (issue.code === 'invalid_type' && typeof value === 'string') {
    const hint = unitHint(String(key), value);
    if (hint) return [{ path, message: hint }];
  }
  if (issue.code === 'invalid_type' && value === undefined) return [{ path, message: 'is missing' }];
  return [{ path, message: issue.message.replace(/^Invalid input: /, '') }];
}

function valueAt(input: unknown, path: Complaint['path']): unknown {
  let value = input;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}

/** Where the value stands; for a missing one its nearest parent, for an unknown key the key. */
function offsetOf(document: Document.Parsed, path: Complaint['path'], isAboutKey: boolean): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const parent = length > 0 ? nodeAt(document, path.slice(0, length - 1)) : null;
    const last = path[length - 1];
    if (isMap(parent) && last !== undefined) {
      const pair = parent.items.find(
        (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(last),
      );
      if (pair && isScalar(pair.key) && pair.key.range) {
        const valueRange = isNode(pair.value) ? pair.value.range : null;
        return valueRange && !isAboutKey && length === path.length && isScalar(pair.value)
          ? valueRange[0]
          : pair.key.range[0];
      }
    } else {
      const node = nodeAt(document, path.slice(0, length));
      if (node?.range) return node.range[0];
    }
  }
  return 0;
}

function nodeAt(document: Document.Parsed, path: Complaint['path']) {
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  return isNode(node) ? node : null;
}

function place(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}
