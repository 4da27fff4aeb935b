/** When what is measured. Times are milliseconds on the clock of the run. */
import type { Story } from '../story/index.ts';
import type { Window } from '../traffic/sample.ts';

/** Long enough to average over samples of 100 ms, short enough to lie behind TCP's slow start. */
const BASELINE_SEC_MAX = 4;

/** The window "before": the last half of the warm-up, at most four seconds, up to the first migration. */
export function baselineWindow(story: Story, zeroMs: number): Window {
  const first = Math.min(...story.migrations.map((migration) => migration.atSec));
  const toMs = zeroMs + first * 1000;
  return { fromMs: toMs - Math.min(BASELINE_SEC_MAX, story.warmupSec / 2) * 1000, toMs };
}
