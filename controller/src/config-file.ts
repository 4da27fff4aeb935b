/** A YAML (or JSON) text as a plain value that remembers where each part of it was written. */
import { isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import { ConfigError, type ConfigProblem } from './config-error.ts';

type Place = Pick<ConfigProblem, 'file' | 'line' | 'column'>;

export interface ConfigFile {
  readonly file: string;
  readonly value: unknown;
  /** Where the part at this path stands, or the nearest part around it that exists. */
  place(path: readonly PropertyKey[]): Place;
}

/** @throws ConfigError when the text is not YAML */
export function readConfigText(file: string, text: string): ConfigFile {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const placeOf = (offset: number): Place => {
    const { line, col } = lineCounter.linePos(offset);
    return { file, line, column: col };
  };
  if (document.errors.length > 0)
    throw new ConfigError(
      document.errors.map((error) => ({ ...placeOf(error.pos[0]), path: '', message: error.message })),
    );
  return {
    file,
    value: document.toJS(),
    place: (path) => placeOf(offsetOf(document.contents, path)),
  };
}

function offsetOf(contents: unknown, path: readonly PropertyKey[]): number {
  let node = contents;
  let offset = startOf(node) ?? 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (!pair) return offset;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else {
      node = (node as { get?(key: unknown, keepScalar: boolean): unknown } | null)?.get?.(step, true);
      offset = startOf(node) ?? offset;
    }
  }
  return offset;
}

const startOf = (node: unknown): number | undefined => (node as Node | null)?.range?.[0];
