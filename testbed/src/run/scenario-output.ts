/** What comes of a scenario or a story in virtual time, as text: the time line, then the end of every migration and flow. */

import { joule, mebi, percent, rate, seconds } from '../report/format.ts';
import { simulate } from '../simulator/index.ts';
import type { Story } from '../story/index.ts';
import { describe } from './progress.ts';
import type { RunResult } from './result.ts';
import { resultOf } from './simulated-run.ts';
import type { SimulationFile } from './simulation-file.ts';
import { optionsFor, type SimulatedRun } from './simulation-run.ts';

/** Runs the file as it stands, and tells what a scenario has below `----`. */
export function scenarioOutput(file: SimulationFile): string {
  const runs = file.runs.map((run): SimulatedRun => {
    const outcome = simulate(file.story, optionsFor(file, run));
    return { run, outcome, result: resultOf(file.story, outcome, { run }) };
  });
  return simulationText(file.story, runs);
}

/** Each run under its name when there are several. */
export const simulationText = (story: Story, runs: readonly SimulatedRun[]): string =>
  runs.length === 1
    ? runs.map((run) => runText(story, run)).join('')
    : runs.map((run) => `== ${run.run}\n${runText(story, run)}`).join('\n');

function runText(story: Story, { outcome, result }: SimulatedRun): string {
  const warmupMs = story.warmupSec * 1000;
  const lines = outcome.events.flatMap(({ atMs, event }) => {
    const text = describe({ type: event.type, subject: event.migrationId, data: event.detail });
    return text === null ? [] : [`${((atMs - warmupMs) / 1000).toFixed(3).padStart(8)} s  ${text}`];
  });
  const places = [...outcome.places].map(([vm, { hostId, state }]) => `${vm} ${state} on ${hostId}`);
  const { reservationsInNetwork, reservationsStored, migrationsActive } = outcome.left;
  return `${[
    ...lines,
    '',
    ...ends(result),
    `VMs      ${places.join(', ')}`,
    `left     ${reservationsInNetwork} reservations in the network, ${reservationsStored} stored, ${migrationsActive} migrations active`,
  ].join('\n')}\n`;
}

const ends = (result: RunResult): string[] => [
  ...result.migrations.map((migration) =>
    [
      `receipt  ${migration.id} ${migration.outcome}`,
      migration.reason,
      migration.totalTimeSec === null ? null : `total ${seconds(migration.totalTimeSec)}`,
      migration.downtimeSec === null ? null : `downtime ${seconds(migration.downtimeSec)}`,
      `${mebi(migration.transferredBytes)} sent`,
      migration.energyJoule > 0 ? joule(migration.energyJoule) : null,
      migration.deadlineMet === null ? null : migration.deadlineMet ? 'deadline met' : 'deadline missed',
    ]
      .filter((part) => part !== null)
      .join(', '),
  ),
  ...result.flows.map(
    (flow) =>
      `flow     ${flow.name} ${rate(flow.goodputBeforeBitsPerSec)} before, ${rate(flow.goodputDuringBitsPerSec)} during (${percent(
        flow.goodputBeforeBitsPerSec > 0
          ? flow.goodputDuringBitsPerSec / flow.goodputBeforeBitsPerSec - 1
          : 0,
      )})`,
  ),
];
