/** What is wrong with a configuration: all of it, each with its place. */
export interface ConfigProblem {
  readonly file: string | null;
  /** From 1; null where the problem has no place in a file. */
  readonly line: number | null;
  readonly column: number | null;
  /** Dotted path of the setting; empty for the whole. */
  readonly path: string;
  readonly message: string;
}

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly problems: readonly ConfigProblem[]) {
    super(problems.map(formatProblem).join('\n'));
  }
}

/** `file:line:column path message` */
export function formatProblem({ file, line, column, path, message }: ConfigProblem): string {
  const place = [file, line, column].filter((part) => part !== null).join(':');
  return [place, path, message].filter((part) => part !== '').join(' ');
}
