/** What of a story is too much for real parts: they run on one machine, and every VM is a process with its memory. */
import type { GuestKind } from '../stage/index.ts';
import type { Story } from './schema.ts';

const VMS_MAX = 16;
const FLOWS_MAX = 64;
const MIGRATIONS_MAX = 32;
/** Of the emulated hypervisor's configuration. */
const PHASES_MAX = 100;

/** Sentences, one per limit that the story exceeds; empty when real parts can run it. */
export function tooMuchForRealParts(story: Story, guests: GuestKind = 'emulated'): readonly string[] {
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
    ...(guests === 'qemu' ? [] : story.migrations.flatMap(needsRealGuests)),
  ];
}

/** With pre-copy among what is allowed the controller chooses that. */
const needsRealGuests = ({ mechanisms }: Story['migrations'][number], index: number): readonly string[] =>
  mechanisms.includes('precopy')
    ? []
    : [
        `migrations.${index}.mechanisms: emulated VMs move by pre-copy only; add precopy, or run it with --guests qemu`,
      ];
