/** Cross-check with os-ken: both read the same values in the messages of the corpus that os-ken can read. */
import { appendFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeMessage } from '../src/index.ts';
import { type CorpusMessage, corpus } from './corpus.ts';
import { hasOsken, oskenReadings } from './osken.ts';
import { compareMeaning } from './same-meaning.ts';
import { mustSkipWithoutOpenVswitch } from './skipped.ts';

const TEST_MS_MAX = 300_000;
/** So many differences are shown. */
const SHOWN_MAX = 20;

/** os-ken has no 1.1, loops without end on groups of 1.5, and takes Nicira's messages of 1.0 for bytes. */
function isForOsken({ version, printed }: CorpusMessage): boolean {
  return version !== 2 && !(version === 6 && /GROUP|BUNDLE_ADD|REQUESTFORWARD/.test(printed.slice(0, 40)));
}

describe.skipIf(mustSkipWithoutOpenVswitch('the cross-check with os-ken') || mustSkipWithoutOsken())(
  'os-ken',
  () => {
    it(
      'reads the same values',
      async () => {
        const asked = (await corpus()).messages.filter(isForOsken);
        const readings = oskenReadings(asked.map(({ hex }) => hex));
        let compared = 0;
        const differences: string[] = [];
        const failures = new Map<string, number>();
        for (const [index, reading] of readings.entries()) {
          const { hex, version, text } = asked[index] as CorpusMessage;
          if (!reading.ok) {
            failures.set(reading.error, (failures.get(reading.error) ?? 0) + 1);
            continue;
          }
          const ours = decoded(hex);
          if (reading.json === null || ours === undefined) continue;
          const comparison = compareMeaning(reading.json, ours);
          compared += comparison.compared;
          differences.push(...comparison.differences.map((one) => `version ${version} ${text}: ${one}`));
        }
        const failed = [...failures].map(([error, count]) => `${count} × ${error}`).join(', ');
        console.log(`os-ken: ${asked.length} messages, ${compared} values compared; not read: ${failed}`);
        expect(differences.slice(0, SHOWN_MAX)).toEqual([]);
        expect(compared).toBeGreaterThan(20_000);
      },
      TEST_MS_MAX,
    );
  },
);

function decoded(hex: string): unknown {
  try {
    return decodeMessage(Uint8Array.from(Buffer.from(hex, 'hex'))).message;
  } catch {
    // Whether it had to be readable is for the round trip to say.
    return undefined;
  }
}

function mustSkipWithoutOsken(): boolean {
  if (hasOsken()) return false;
  const file = process.env.SLUICE_SKIP_FILE;
  if (file !== undefined)
    appendFileSync(file, 'the cross-check with os-ken: it is missing (package python3-os-ken)\n');
  return true;
}
