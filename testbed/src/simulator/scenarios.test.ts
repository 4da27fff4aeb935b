/** Every file in testbed/scenarios is a test: its input, run in virtual time, gives its expected output. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { scenarioOutput } from '../run/scenario-output.ts';
import { loadSimulation } from '../run/simulation-file.ts';
import { joinScenario, splitScenario } from './scenario.ts';

const FOLDER = fileURLToPath(new URL('../../scenarios/', import.meta.url));
/** UPDATE_SCENARIOS=1 writes what comes out into the files; read the difference before you commit it. */
const isUpdating = process.env.UPDATE_SCENARIOS === '1';

describe('scenarios', () => {
  for (const file of readdirSync(FOLDER)
    .filter((name) => name.endsWith('.txt'))
    .sort()) {
    it(`${file} comes out as written`, async () => {
      const { input, expected } = splitScenario(readFileSync(`${FOLDER}${file}`, 'utf8'));
      const output = scenarioOutput(await loadSimulation(`${FOLDER}${file}`));
      if (isUpdating) writeFileSync(`${FOLDER}${file}`, joinScenario(input, output));
      else expect(output).toBe(expected);
    });
  }
});
