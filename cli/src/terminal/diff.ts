/** What differs between two texts, line by line: `-` expected, `+` found, with a few lines around. */

const CONTEXT_LINES = 2;
/** Beyond this many pairs of lines the texts are only compared from both ends. */
const PAIRS_MAX = 4_000_000;

export interface DiffLine {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

/** Empty when they are the same. A gap between parts is a line `…`. */
export function diffLines(expected: string, found: string): readonly DiffLine[] {
  const all = changes(expected.split('\n'), found.split('\n'));
  const isNear = all.map(() => false);
  all.forEach(({ sign }, index) => {
    if (sign === ' ') return;
    for (let near = index - CONTEXT_LINES; near <= index + CONTEXT_LINES; near += 1)
      if (near in isNear) isNear[near] = true;
  });
  return all.flatMap((line, index) => {
    if (isNear[index]) return [line];
    return isNear[index + 1] ? [{ sign: ' ', text: '…' } as const] : [];
  });
}

function changes(a: readonly string[], b: readonly string[]): DiffLine[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  const same = (lines: readonly string[]) => lines.map((text): DiffLine => ({ sign: ' ', text }));
  return [
    ...same(a.slice(0, start)),
    ...middle(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...same(a.slice(a.length - end)),
  ];
}

/** By the longest common subsequence, computed from the end. */
function middle(a: readonly string[], b: readonly string[]): DiffLine[] {
  const gone = (text: string): DiffLine => ({ sign: '-', text });
  const come = (text: string): DiffLine => ({ sign: '+', text });
  if (a.length * b.length > PAIRS_MAX) return [...a.map(gone), ...b.map(come)];
  const width = b.length + 1;
  const common = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number) => common[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  for (;;) {
    const [left, right] = [a[i], b[j]];
    if (left !== undefined && left === right) {
      lines.push({ sign: ' ', text: left });
      [i, j] = [i + 1, j + 1];
    } else if (left !== undefined && (right === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push(gone(left));
      i += 1;
    } else if (right !== undefined) {
      lines.push(come(right));
      j += 1;
    } else return lines;
  }
}
