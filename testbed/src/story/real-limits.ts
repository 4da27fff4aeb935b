/** What of a story is too much for real parts: they run on one machine, and every VM is a process with its memory. */
import { REQUEST_DEFAULTS } from '@sluice/controller/core';
import type { Story, StoryMigration } from './schema.ts';

const VMS_MAX = 16;
const FLOWS_MAX = 64;
const MIGRATIONS_MAX = 32;
/** Of the emulated hypervisor's configuration. */
const PHASES_MAX = 100;

/** Sentences, one per limit that the story exceeds; empty when real parts can run it. */
export function tooMuchForRealParts(story: Story): readonly string[] {
  const check = (what: string, found: number, most: number) =>
    found > most ? [`${what}: ${found}; real parts take at most ${most}`] : [];
  return [
    ...check('vms', story.vms.length, VMS_MAX),
    ...check('flows', story.flows.length, FLOWS_MAX),
    ...check('migrations', story.migrations.length, MIGRATIONS_MAX),
    ...story.vms.flatMap((vm, index) =>
      check(`vms.${index}.workload.phases`, vm.workload.phases.length, PHASES_MAX),
    ),
    ...(story.controller.shadow ? ['controller.shadow: real parts would have nothing to do'] : []),
    ...story.migrations.flatMap((migration, index) =>
      SIMULATED_ONLY.filter((key) => !isDefault(migration, key)).map(
        (key) => `migrations.${index}.${key}: only the simulator asks for it`,
      ),
    ),
  ];
}

/** What the lab's client does not ask the controller for. */
const SIMULATED_ONLY = [
  'tenant',
  'priority',
  'weight',
  'startAtSec',
  'holdForSec',
  'mayPreempt',
  'mechanisms',
  'throttleMax',
] as const satisfies readonly (keyof StoryMigration)[];

function isDefault(migration: StoryMigration, key: (typeof SIMULATED_ONLY)[number]): boolean {
  const { mechanisms, ...defaults } = REQUEST_DEFAULTS;
  if (key === 'mechanisms') return migration.mechanisms.join() === mechanisms.join();
  const fallback: Partial<Record<typeof key, unknown>> = defaults;
  return migration[key] === (fallback[key] ?? null);
}
