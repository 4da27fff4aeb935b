/** What a story asks of a migration: the columns that a real run and a simulated one know before it begins. */
import { migrationIdOf } from '../simulator/core-request.ts';
import type { Story } from '../story/index.ts';

/** `index`: of the migration in the story. @throws RangeError when the story has none there */
export function askedFor(story: Story, index: number, policy: string) {
  const migration = story.migrations[index];
  if (!migration) throw new RangeError(`the story has no migration ${index}`);
  return {
    id: migrationIdOf(migration, index),
    vm: migration.vm,
    source: sourceOf(story, index),
    destination: migration.destination,
    policy,
    downtimeLimitSec: migration.downtimeLimitSec,
    deadlineSec: migration.deadlineSec,
  };
}

/** Where the VM is when this migration begins, if all before it succeed. */
function sourceOf(story: Story, index: number): string {
  const own = story.migrations[index];
  const earlier = story.migrations
    .map((migration, at) => ({ migration, at }))
    .filter(
      ({ migration, at }) =>
        migration.vm === own?.vm &&
        (migration.atSec < own.atSec || (migration.atSec === own.atSec && at < index)),
    )
    .sort((a, b) => a.migration.atSec - b.migration.atSec || a.at - b.at);
  return (
    earlier.at(-1)?.migration.destination ?? story.vms.find((vm) => vm.name === own?.vm)?.host ?? 'unknown'
  );
}
