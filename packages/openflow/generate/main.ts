/** Writes src/generated/ from schema/, and removes files there that nothing generates any more. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { render } from './render.ts';

const folder = join(import.meta.dirname, '..', 'src', 'generated');
const { files, problems } = render();
mkdirSync(folder, { recursive: true });
for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name);
  if (entry.isFile() && !files.has(relative(folder, path))) rmSync(path);
}
let written = 0;
for (const [name, text] of files) {
  const path = join(folder, name);
  // A file that stays as it is keeps its time, so nothing is compiled again for it.
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  written += 1;
}
console.log(`${files.size} files generated, ${written} of them changed`);
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
