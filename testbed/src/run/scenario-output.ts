/** What comes of a scenario, as text: the time line, then the end of every migration and flow. */

import { joule, mebi, percent, rate, seconds } from '../report/format.ts';
import { simulate } from '../simulator/index.ts';
import type { Scenario } from '../simulator/scenario.ts';
import { describe } from './progress.ts';
import type { RunName, RunResult } from './result.ts';
import { resultOf } from './simulated-run.ts';

export function scenarioOutput(scenario: Scenario): string {
  if (scenario.mode !== 'both')
    return runText(scenario, scenario.mode === 'unmanaged' ? 'unmanaged' : 'sluice');
  return (['unmanaged', 'sluice'] as const).map((run) => `== ${run}\n${runText(scenario, run)}`).join('\n');
}

function runText(scenario: Scenario, run: RunName): string {
  const { story, faults, untilSec } = scenario;
  const outcome = simulate(story, {
    mode: run === 'unmanaged' ? 'unmanaged' : 'managed',
    faults,
    ...(untilSec === null ? {} : { untilSec }),
  });
  const warmupMs = story.warmupSec * 1000;
  const lines = outcome.events.flatMap(({ atMs, event }) => {
    const text = describe({ type: event.type, subject: event.migrationId, data: event.detail });
    return text === null ? [] : [`${((atMs - warmupMs) / 1000).toFixed(3).padStart(8)} s  ${text}`];
  });
  const result = resultOf(story, outcome, { run });
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
