// `node scripts/pack-check.mjs FOLDER FILE...`: packs the package in FOLDER as npm would publish it, installs it without
// a network into an empty project, and runs each FILE there. A .ts file is first checked against the packed types.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { main, ROOT, Stop } from './steps.mjs';

/** For each command; packing builds the package first when it is not built. */
const COMMAND_TIMEOUT_MS = 500_000;
const MODULES = join(ROOT, 'node_modules');

await main(async () => {
  const [folder, ...files] = process.argv.slice(2);
  if (folder === undefined) throw new Stop('node scripts/pack-check.mjs FOLDER FILE...', 2);
  const project = mkdtempSync(join(tmpdir(), 'pack-check-'));
  try {
    install(pack(resolve(folder), project), project);
    const copies = files.map((file) => copy(file, project));
    if (copies.some((name) => name.endsWith('.ts'))) compile(project);
    for (const name of copies) run(process.execPath, [name.replace(/\.ts$/, '.js')], project);
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
});

function pack(folder, project) {
  const target = join(project, 'packed');
  mkdirSync(target);
  npm(['pack', '--silent', `--pack-destination=${target}`], folder);
  const archive = readdirSync(target).find((name) => name.endsWith('.tgz'));
  if (archive === undefined) throw new Stop(`npm pack left no archive of ${folder}`);
  return join(target, archive);
}

function install(archive, project) {
  writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  npm(['install', '--offline', '--no-audit', '--no-fund', '--silent', archive], project);
}

function copy(file, project) {
  const name = basename(file);
  copyFileSync(file, join(project, name));
  return name;
}

/** With the compiler and Node's types of this repository, and the strictest of the usual settings. */
function compile(project) {
  const compilerOptions = {
    target: 'ES2022',
    module: 'NodeNext',
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    types: ['node'],
    typeRoots: [join(MODULES, '@types')],
  };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  run(process.execPath, [join(MODULES, 'typescript', 'bin', 'tsc'), '-p', project], project);
}

function npm(args, cwd) {
  const script = process.env.npm_execpath;
  if (script?.endsWith('.js')) run(process.execPath, [script, ...args], cwd, { quiet: true });
  else run('npm', args, cwd, { quiet: true });
}

/** Its errors are always shown, what it says only when somebody asked for it. */
function run(command, args, cwd, { quiet = false } = {}) {
  const stdio = ['ignore', quiet ? 'ignore' : 'inherit', 'inherit'];
  const { status, signal, error } = spawnSync(command, args, { cwd, stdio, timeout: COMMAND_TIMEOUT_MS });
  if (error) throw new Stop(`${command}: ${error.message}`);
  if (status !== 0) throw new Stop(`${[command, ...args].join(' ')} ended with ${status ?? signal}`);
}
