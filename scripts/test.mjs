// `npm test`: the whole gate. Prepares the machine, then format and lint, types, unit tests, tests on real parts; ends
// with a summary that names every test that did not run, and why. On Debian with root none may be left out.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, isDebianLike, prepare, rootPrefix } from './prepare.mjs';
import { main, outputOf, ROOT, Stop, show, step } from './steps.mjs';
import { testReports } from './test-reports.mjs';

const BIN = (name, file) => join(ROOT, 'node_modules', name, file);
const args = process.argv.slice(2);
const began = performance.now();

await main(async () => {
  const dir = mkdtempSync(join(tmpdir(), 'sluice-test-'));
  try {
    return await runAll(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});

async function runAll(dir) {
  const skipFile = join(dir, 'skipped.txt');
  writeFileSync(skipFile, '', { mode: 0o666 });
  const obstacles = await prepare({ realParts: true, peers: true });
  const prefix = rootPrefix() ?? [];
  const seed = process.env.SLUICE_SEED ?? seedOfCommit();
  const vitest = (project) => {
    const report = join(dir, `${project}.json`);
    const options = [
      'run',
      '--project',
      project,
      '--passWithNoTests',
      '--reporter=default',
      '--reporter=json',
    ];
    const env = { SLUICE_SKIP_FILE: skipFile, SLUICE_SEED: seed };
    return {
      args: [BIN('vitest', 'vitest.mjs'), ...options, `--outputFile.json=${report}`, ...args],
      env,
      report,
    };
  };
  const unit = vitest('unit');
  const e2e = vitest('e2e');
  const failures = [
    await failureOf('types and build', build),
    await attempt('format and lint', () => node([BIN('@biomejs/biome', 'bin/biome'), 'check', '.'])),
    ...(await apiDocs()),
    await attempt('unit tests', () => node(unit.args, unit.env)),
    await attempt('tests on real parts', () => asRoot(prefix, e2e)),
  ].filter((failure) => failure !== null);
  const reports = testReports({
    reports: [unit.report, e2e.report],
    skipFile,
    filtered: args.length > 0,
  });
  return summary({ failures, obstacles, seed, ...reports });
}

/**
 * Random properties draw from the commit: one commit gives the same tests again and again, here and elsewhere, and every
 * new one draws others. Where there is no commit (an unpacked archive) they draw from a number of their own.
 */
function seedOfCommit() {
  const tree = outputOf('git', ['-c', 'safe.directory=*', 'rev-parse', 'HEAD^{tree}']);
  return tree === null ? '1' : `${Number.parseInt(tree.slice(0, 8), 16) | 0}`;
}

/** A failed step does not stop the next one: one run shows everything that is wrong. */
function attempt(title, work) {
  return failureOf(title, () => step(title, work));
}

async function failureOf(title, work) {
  try {
    await work();
    return null;
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return title;
  }
}

/** Every public name of the libraries has a page, and every link in them leads somewhere. */
async function apiDocs() {
  const failures = [];
  for (const name of ['openflow', 'ovsdb']) {
    const options = ['--options', join('packages', name, 'typedoc.json'), '--logLevel', 'Warn'];
    failures.push(
      await attempt(`API docs of ${name}`, () => node([BIN('typedoc', 'bin/typedoc'), ...options])),
    );
  }
  return failures;
}

function node(nodeArgs, env) {
  return show(process.execPath, nodeArgs, { env });
}

function asRoot(prefix, { args: nodeArgs, env }) {
  if (prefix.length === 0) return node(nodeArgs, env);
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const [command, ...rest] = [...prefix, 'env', ...variables, process.execPath, ...nodeArgs];
  return show(command, rest);
}

function summary({ failures, obstacles, seed, skipped, failed, counts }) {
  const mustRunAll = isDebianLike && rootPrefix() !== null;
  const lines = ['', `Summary after ${((performance.now() - began) / 1000).toFixed(0)} s`];
  for (const failure of failures) lines.push(`  failed: ${failure}`);
  for (const line of obstacles) lines.push(`  this machine: ${line}`);
  for (const line of skipped) lines.push(`  skipped: ${line}`);
  if (skipped.length === 0) lines.push('  no test was skipped');
  const bad = failures.length > 0 || (mustRunAll && skipped.length > 0);
  if (mustRunAll && skipped.length > 0) lines.push('  on Debian with root no test may be skipped');
  lines.push(bad ? '  FAILED' : '  all passed', '');
  // Last, because a log is often read from its end.
  if (failed.length > 0)
    lines.push(`what failed (random properties drew from SLUICE_SEED=${seed}):`, ...failed, '');
  lines.push(`tests: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`, '');
  process.stdout.write(lines.join('\n'));
  return bad ? 1 : 0;
}
