/** The project's source files as text, for the tidy tests: which there are, what they import, how long they are. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Folder of each workspace, by package name. */
export const WORKSPACES: Readonly<Record<string, string>> = {
  '@sluice/units': 'packages/units',
  '@oflib/openflow': 'packages/openflow',
  '@oflib/ovsdb': 'packages/ovsdb',
  '@sluice/models': 'packages/models',
  '@sluice/topology': 'topology',
  '@sluice/agents': 'agents',
  '@sluice/controller': 'controller',
  '@sluice/testbed': 'testbed',
  '@sluice/cli': 'cli',
};

export interface Source {
  /** Path from the root, with forward slashes. */
  readonly path: string;
  /** Package name of the workspace it belongs to; null for the root's own scripts and tests. */
  readonly workspace: string | null;
  readonly text: string;
  readonly lines: number;
  readonly imports: readonly string[];
}

const LEFT_OUT = new Set(['node_modules', 'dist', '.git', 'generated', 'fixtures', 'reports']);
const EXTENSIONS = /\.(ts|mts|mjs|py)$/;

export function readSources(): readonly Source[] {
  return walk(ROOT).map((file) => {
    const text = readFileSync(file, 'utf8');
    const path = relative(ROOT, file);
    return {
      path,
      workspace: workspaceOf(path),
      text,
      lines: text.split('\n').length - 1,
      imports: importsOf(text),
    };
  });
}

function walk(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (LEFT_OUT.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return walk(path);
    return EXTENSIONS.test(entry.name) ? [path] : [];
  });
}

function workspaceOf(path: string): string | null {
  const found = Object.entries(WORKSPACES).find(([, folder]) => path.startsWith(`${folder}/`));
  return found ? found[0] : null;
}

/** Module names of static imports, re-exports and dynamic imports with a literal. */
function importsOf(text: string): readonly string[] {
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s[^;'"`]*?from\s*['"]([^'"]+)['"]|import\s*\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)\s*import\s*['"]([^'"]+)['"]/g;
  return [...text.matchAll(pattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

/** The code without comments and string contents, for rules about what it does. */
export const codeOnly = (text: string): string =>
  text
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/(^|[^:'"`\\])\/\/[^\n]*/g, '$1')
    .replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, "''");
