/** What an adapter wants logged. The runtime gives it to its logger; adapters know no logger. */
export interface Note {
  readonly level: 'info' | 'warn';
  /** Stable, snake_case: the API of the log. */
  readonly event: string;
  readonly detail: Readonly<Record<string, string | number | boolean | null>>;
}
export type TakeNote = (note: Note) => void;

export const ignoreNotes: TakeNote = () => {};

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
