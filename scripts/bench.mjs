// `npm run bench -- NAME...`: runs the named benchmarks, or lists them. Figures of a machine, never a test.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { benches } from './benches.mjs';
import { build, prepare } from './prepare.mjs';
import { main, ROOT, Stop } from './steps.mjs';

const names = process.argv.slice(2);

await main(async () => {
  if (names.length === 0) return list();
  const unknown = names.filter((name) => benches[name] === undefined);
  if (unknown.length > 0)
    throw new Stop(`no benchmark is called ${unknown.join(', ')}; see npm run bench`, 2);
  await prepare({ realParts: false });
  await build();
  for (const name of names) for (const path of benches[name].modules) await runOne(path);
  return 0;
});

function list() {
  const width = Math.max(...Object.keys(benches).map((name) => name.length));
  process.stdout.write('npm run bench -- NAME\n');
  for (const [name, { what }] of Object.entries(benches))
    process.stdout.write(`  ${name.padEnd(width)}  ${what}\n`);
  return 0;
}

/** Sources that are not part of a build are TypeScript and go through tsx. */
async function runOne(path) {
  const url = pathToFileURL(join(ROOT, path)).href;
  const module = path.endsWith('.ts')
    ? await (await import('tsx/esm/api')).tsImport(url, import.meta.url)
    : await import(url);
  const { name, lines } = await module.run();
  process.stdout.write([name, ...lines.map((line) => `  ${line}`), ''].join('\n'));
}
