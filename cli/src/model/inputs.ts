/** Gets what a model needs and cannot get for itself: the text of files, and a solver. */
import { readFile, stat } from 'node:fs/promises';
import type { LinearSolver, ModelEntry, ModelFile, ModelInputs, ParameterProblem } from '@sluice/models';
import { CliError, EXIT } from '../exit-code.ts';

/** @throws CliError naming every file that cannot be read */
export async function inputsFor(
  entry: ModelEntry,
  parameters: Readonly<Record<string, unknown>>,
): Promise<ModelInputs> {
  const needs = entry.needs(parameters);
  const read = await Promise.all(needs.files.map(readText));
  const problems = read.flatMap((file) => ('message' in file ? [file] : []));
  if (problems.length > 0)
    throw new CliError(
      EXIT.usage,
      problems.map(({ parameter, message }) => `${parameter}: ${message}`).join('\n'),
      { problems },
    );
  const files = new Map(read.flatMap((file) => ('text' in file ? [[file.path, file.text] as const] : [])));
  return { solver: needs.solver ? await solverOf() : null, files };
}

/** Loaded only for who needs it: WebAssembly of several megabytes. */
async function solverOf(): Promise<LinearSolver> {
  const { loadHighs } = await import('@sluice/models/highs');
  return loadHighs();
}

type FileRead = { readonly path: string; readonly text: string } | ParameterProblem;

async function readText({ parameter, path, bytesMax }: ModelFile): Promise<FileRead> {
  try {
    const found = await stat(path);
    // A device or a pipe may never end.
    if (!found.isFile()) return { parameter, message: `${path} is no file; give the path of a file` };
    if (found.size > bytesMax)
      return { parameter, message: `${path} has ${found.size} bytes: give a file of at most ${bytesMax}` };
    return { path, text: await readFile(path, 'utf8') };
  } catch (error) {
    // Node's own errors carry a code; others have none.
    const why = FAILURES[(error as NodeJS.ErrnoException).code ?? ''] ?? String(error);
    return { parameter, message: `${path} cannot be read: ${why}` };
  }
}

const FAILURES: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file; give the path of one',
  ENOTDIR: 'there is no such file; give the path of one',
  EACCES: 'this user may not read it; change who may, or give another file',
};
