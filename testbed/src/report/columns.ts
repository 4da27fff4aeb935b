/** Text in columns: widths by the longest cell, colours do not count. */

/** How things are emphasised; the plain one leaves text as it is. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
}
const same = (text: string) => text;
export const PLAIN: Style = { bold: same, dim: same, good: same, bad: same };

export interface Cell {
  readonly text: string;
  readonly paint?: ((text: string) => string) | undefined;
}
export type Row = readonly (string | Cell)[];

/** Escape codes of the paint do not count, so they never shift a column. */
export function alignRows(rows: readonly Row[], sides: readonly ('left' | 'right')[], gap = 2): string[] {
  const cells = rows.map((row) => row.map((cell) => (typeof cell === 'string' ? { text: cell } : cell)));
  const widths = sides.map((_, column) =>
    Math.max(0, ...cells.map((row) => [...(row[column]?.text ?? '')].length)),
  );
  return cells.map((row) =>
    row
      .map(({ text, paint }: Cell, column) => {
        const space = ' '.repeat(Math.max(0, (widths[column] ?? 0) - [...text].length));
        const painted = paint && text !== '' ? paint(text) : text;
        return sides[column] === 'right' ? `${space}${painted}` : `${painted}${space}`;
      })
      .join(' '.repeat(gap))
      .trimEnd(),
  );
}
