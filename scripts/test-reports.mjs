// What the reports of a test run say: how many tests there were, which did not run, which failed and why.
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ROOT } from './steps.mjs';

const PENDING = ['pending', 'skipped', 'todo'];
const MESSAGE_LINES = 8;
const LIBRARY_FRAME = /^\s+at .*node_modules/;
const LINE_CHARACTERS = 300;

/** Counts, every reason for a test that did not run, and the lines that tell what failed. */
export function testReports({ reports, skipFile, filtered }) {
  // A report that was never written counts nothing; its step is among the failures.
  const read = reports.filter(existsSync).map((path) => JSON.parse(readFileSync(path, 'utf8')));
  const files = read.flatMap((report) => report.testResults);
  const reasons = [...new Set(readFileSync(skipFile, 'utf8').split('\n').filter(Boolean))];
  return {
    counts: {
      passed: sum(read, (report) => report.numPassedTests),
      failed: sum(read, (report) => report.numFailedTests),
      skipped: sum(read, (report) => report.numPendingTests + report.numTodoTests),
    },
    // A filter on the command line leaves out what the user did not ask for.
    skipped: filtered ? reasons : [...reasons, ...files.flatMap(pendingLine)],
    failed: files.flatMap(failureLines),
  };
}

const sum = (items, countOf) => items.reduce((total, item) => total + countOf(item), 0);

function pendingLine(file) {
  const pending = file.assertionResults.filter((test) => PENDING.includes(test.status));
  return pending.length === 0 ? [] : [`${relative(ROOT, file.name)}: ${pending.length} tests did not run`];
}

/** Of each failed test its name and the beginning of what it said; of a file that could not be read, the same. */
function failureLines(file) {
  const name = relative(ROOT, file.name);
  const tests = file.assertionResults.filter((test) => test.status === 'failed');
  if (tests.length === 0) return file.status === 'failed' ? [name, ...quoted(file.message)] : [];
  return tests.flatMap((test) => [`${name}: ${test.fullName}`, ...quoted(test.failureMessages.join('\n'))]);
}

const quoted = (text) =>
  stripVTControlCharacters(text)
    .split('\n')
    .filter((line) => line.trim() !== '' && !LIBRARY_FRAME.test(line))
    .slice(0, MESSAGE_LINES)
    .map((line) => `    ${line.slice(0, LINE_CHARACTERS)}`);
