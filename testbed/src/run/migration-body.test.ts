import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { migrationBodySchema, migrationRequestOf } from '@sluice/controller';
import type { MigrationId } from '@sluice/controller/core';
import { describe, expect, it } from 'vitest';
import { migrationIdOf, requestOf } from '../simulator/core-request.ts';
import { parseStory, type StoryMigration } from '../story/index.ts';
import { migrationBodyOf } from './migration-body.ts';

const SMALL = readFileSync(fileURLToPath(new URL('../../stories/small.yaml', import.meta.url)), 'utf8');

/** The small story's migration with further keys. */
function migrationWith(keys: string): StoryMigration {
  const text = SMALL.replace(/(- \{ vm: web, destination: h2[^}]*)\}/, `$1, ${keys} }`);
  const [migration] = parseStory(text, 'story.yaml').migrations;
  if (!migration) throw new Error('the small story has no migration');
  return migration;
}

describe('a migration of a story', () => {
  for (const [what, keys] of [
    ['with nothing but what it needs', 'atSec: 0'],
    ['that is booked, with a deadline', 'startAtSec: 7, atSec: 2, deadlineSec: 60'],
    ['that is only held', 'holdForSec: 4, startAtSec: 30'],
    ['of a tenant, with priority and weight', 'tenant: blue, priority: 8, weight: 2.5, mayPreempt: true'],
    [
      'with a choice of mechanism',
      'mechanisms: [precopy, postcopy, hybrid], throttleMax: 0.4, togetherWith: [web]',
    ],
    [
      'with limits on its rate',
      'rateMinBitsPerSec: 5e6, rateMaxBitsPerSec: 40e6, applicationFloorBitsPerSec: 30e6',
    ],
  ] as const)
    it(`${what} is asked for alike on real parts and in the simulator`, () => {
      const migration = migrationWith(keys);
      const { id: _, ...body } = migrationBodySchema.parse(migrationBodyOf(migration, migration.policy));
      const id = migrationIdOf(migration, 0) as MigrationId;
      expect(migrationRequestOf(body, id)).toEqual(requestOf(migration, 0));
    });
});
