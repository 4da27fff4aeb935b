/** Writes src/generated/ from schema/, and removes files there that nothing generates any more. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { render } from './render.ts';

const folder = new URL('../src/generated/', import.meta.url);
mkdirSync(folder, { recursive: true });
const files = render();
for (const name of readdirSync(folder)) {
  if (!files.has(name)) rmSync(new URL(name, folder));
}
for (const [name, text] of files) writeFileSync(new URL(name, folder), text);
console.log(`${files.size} files generated`);
