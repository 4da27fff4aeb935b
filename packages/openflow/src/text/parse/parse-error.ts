/** What is wrong with a text: where, which word, and what would be right. */

/** Problems of one text that are told; more would help nobody. */
export const PROBLEMS_MAX = 20;

/** A piece of the text and where it begins. */
export interface Word {
  readonly text: string;
  /** Characters from the beginning of the text. */
  readonly at: number;
}

export interface Problem {
  /** Characters from the beginning of the text. */
  readonly position: number;
  readonly word: string;
  /** What is wrong, and where it is known what would be right. */
  readonly reason: string;
}

/** A text that is none of ovs-ofctl's syntax, or that the asked version cannot say. */
export class ParseError extends Error {
  override readonly name = 'ParseError';

  /** At least one problem. */
  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(({ position, word, reason }) => `at ${position}, "${word}": ${reason}`).join('\n'));
  }
}

export const parseError = (word: Word, reason: string): ParseError =>
  new ParseError([{ position: word.at, word: word.text, reason }]);

/** Problems of parts that do not depend on each other, told together. */
export class Problems {
  private readonly found: Problem[] = [];

  /** The value of `part`; undefined when it has a problem, which is kept. */
  try<T>(part: () => T): T | undefined {
    try {
      return part();
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      this.found.push(...error.problems);
      return undefined;
    }
  }

  add(word: Word, reason: string): void {
    this.found.push({ position: word.at, word: word.text, reason });
  }

  /** Throws ParseError when there was a problem. */
  finish(): void {
    if (this.found.length === 0) return;
    const inOrder = [...this.found].sort((a, b) => a.position - b.position);
    throw new ParseError(inOrder.slice(0, PROBLEMS_MAX));
  }
}

/** ` (did you mean "nw_src"?)` for a name that is like one of `names`, otherwise nothing. */
export function hint(name: string, names: Iterable<string>): string {
  let best: string | undefined;
  let least = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of names) {
    const distance = editDistance(name, candidate, least);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best === undefined ? '' : ` (did you mean "${best}"?)`;
}

/** Levenshtein's distance; anything at or above `limit` may be told as `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(same, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? limit;
}
