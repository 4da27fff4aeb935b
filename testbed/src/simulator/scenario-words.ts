/** Amounts as scenarios write them: number and unit apart, `100 Mbit/s`, `64 MiB`, `0.3 s`. */

export type Dimension = 'rate' | 'dirty_rate' | 'volume' | 'time';

const UNITS: Readonly<Record<Dimension, Readonly<Record<string, number>>>> = {
  rate: { 'bit/s': 1, 'kbit/s': 1e3, 'Mbit/s': 1e6, 'Gbit/s': 1e9 },
  dirty_rate: { 'B/s': 1, 'kB/s': 1e3, 'MB/s': 1e6 },
  volume: { KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 },
  time: { ms: 1e-3, s: 1 },
};

export interface ScenarioProblem {
  /** null: it is about the scenario as a whole. */
  readonly line: number | null;
  readonly message: string;
}

/** A scenario that cannot be run as it is; `problems` names every reason. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
  constructor(
    readonly problems: readonly ScenarioProblem[],
    /** How messages name the place of a problem; without a file by its line alone. */
    readonly file: string | null = null,
  ) {
    super(problems.map((problem) => formatScenarioProblem(problem, file)).join('\n'));
  }
}

function formatScenarioProblem({ line, message }: ScenarioProblem, file: string | null): string {
  if (file === null) return line === null ? message : `line ${line}: ${message}`;
  return `${file}:${line ?? 1} ${message}`;
}

/** Thrown by `Words` for the one line it reads; whoever reads the scenario collects them. */
export class LineError extends Error {
  override readonly name = 'LineError';
}

/** The words of one line, taken off from the left. */
export class Words {
  private readonly words: string[];
  constructor(private readonly line: string) {
    // Commas only help the eye.
    this.words = line.replaceAll(',', ' ').split(/\s+/).filter(Boolean);
  }
  get isEmpty(): boolean {
    return this.words.length === 0;
  }
  /** The word that comes after so many others, without taking it off. */
  next(after: number): string | undefined {
    return this.words[after];
  }
  /** Any word. */
  name(what: string): string {
    const word = this.words.shift();
    if (word === undefined) throw this.error(`${what} is missing`);
    return word;
  }
  /** These words, in this order. */
  expect(...wanted: readonly string[]): void {
    for (const word of wanted) {
      const found = this.words.shift();
      if (found !== word) throw this.error(`expected "${word}", found "${found ?? 'the end'}"`);
    }
  }
  /** Takes the words off when they are there. */
  accept(...wanted: readonly string[]): boolean {
    if (!wanted.every((word, index) => this.words[index] === word)) return false;
    this.words.splice(0, wanted.length);
    return true;
  }
  amount(dimension: Dimension): number {
    const number = Number(this.name('a number'));
    const unit = this.name('a unit');
    const factor = UNITS[dimension][unit];
    if (!Number.isFinite(number) || factor === undefined)
      throw this.error(`expected a number and one of ${Object.keys(UNITS[dimension]).join(', ')}`);
    return number * factor;
  }
  number(what: string): number {
    const number = Number(this.name(what));
    if (!Number.isFinite(number)) throw this.error(`${what} is a number`);
    return number;
  }
  whole(what: string): number {
    const number = Number(this.name(what));
    if (!Number.isInteger(number)) throw this.error(`${what} is a whole number`);
    return number;
  }
  /** One of these words. */
  choice<T extends string>(what: string, choices: readonly T[]): T {
    const word = this.name(what);
    const found = choices.find((choice) => choice === word);
    if (found === undefined) throw this.error(`${what} is one of ${choices.join(', ')}, found "${word}"`);
    return found;
  }
  rest(): string[] {
    return this.words.splice(0);
  }
  end(): void {
    if (!this.isEmpty) throw this.error(`nothing was expected after that, found "${this.words.join(' ')}"`);
  }
  error(message: string): LineError {
    return new LineError(`${message}: ${this.line}`);
  }
}
