/** Tables without lines, as kubectl and friends print them: easy to read, easy to cut. */
import Table from 'cli-table3';

const NO_LINES = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid'].flatMap((side) => [
    [side, ''],
    [`${side}-mid`, ''],
    [`${side}-left`, ''],
    [`${side}-right`, ''],
    [`${side}-${side}`, ''],
  ]),
);

/** Heads are capitals unless their spelling matters, as that of parameter names does. */
export function formatTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  options: { readonly keepsCase?: boolean } = {},
): string {
  const table = new Table({
    head: options.keepsCase ? [...head] : head.map((title) => title.toUpperCase()),
    chars: { ...NO_LINES, 'mid-mid': '', middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...rows.map((row) => [...row]));
  const lines = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
  return `${lines.filter((line) => line !== '').join('\n')}\n`;
}
