/**
 * Migrations of eight rounds each in virtual time, on a fat-tree of 128 hypervisors: half by BDA, half by minimum
 * energy, a few hundred under way at any time. The core's promises are not checked after every step here.
 */
import { simulate } from '@sluice/testbed';
import { fleetStory } from './fleet.ts';

const VMS = 1000;
const MIGRATIONS_PER_VM = 10;
const ROUNDS = 8;
const PERIOD_SEC = 20;
/** Compiles what runs often, so that the figure is that of a run, not of a start. */
const WARM_UP_MIGRATIONS = 300;

export async function run(): Promise<{ name: string; lines: string[] }> {
  const fleet = { k: 8, vms: VMS, migrationsPerVm: MIGRATIONS_PER_VM, periodSec: PERIOD_SEC, rounds: ROUNDS };
  const story = fleetStory(fleet);
  simulate({ ...story, migrations: story.migrations.slice(0, WARM_UP_MIGRATIONS) }, { checks: 'none' });
  const began = performance.now();
  const cpuBefore = process.cpuUsage();
  const outcome = simulate(story, { checks: 'none' });
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const completed = outcome.receipts.filter((receipt) => receipt.outcome === 'completed');
  const rounds = outcome.receipts.flatMap((receipt) =>
    receipt.rounds.filter((round) => round.phase === 'precopy'),
  );
  const perSecond = (count: number) => Math.round(count / seconds).toLocaleString('en');
  return {
    name: `simulation of ${story.network.hosts.length} hypervisors, ${VMS} VMs`,
    lines: [
      `migrations: ${outcome.receipts.length}, ${completed.length} completed`,
      `rounds: ${rounds.length}, without stop-and-copy`,
      `virtual: ${outcome.endedSec.toFixed(1)} s`,
      `wall: ${seconds.toFixed(2)} s, of it ${((user + system) / 1e6).toFixed(2)} s of processor time`,
      `inputs of the core: ${outcome.inputs} (${perSecond(outcome.inputs)}/s)`,
      `migrations/s: ${perSecond(outcome.receipts.length)}`,
    ],
  };
}
