/** What is asked for: `migrate web -> h2 by bda, downtime 0.3 s, deadline 60 s, priority 7, start-at 30 s`. */
import { RATE_POLICIES } from '@sluice/controller/core';
import type { StoryInput } from '../story/index.ts';
import type { Words } from './scenario-words.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Migration = StoryInput['migrations'][number];

const DOWNTIME_LIMIT_SEC = 0.3;

/** Reads on after `migrate`. @throws LineError */
export function migrationOf(words: Words, atSec: number): Migration {
  const vm = words.name('a VM');
  words.expect('->');
  const migration: Mutable<Migration> = {
    vm,
    destination: words.name('a host'),
    atSec,
    downtimeLimitSec: DOWNTIME_LIMIT_SEC,
  };
  while (!words.isEmpty) {
    const key = words.name('a limit');
    const reader = READERS[key];
    if (!reader) throw words.error(`unknown limit ${key}; there is ${Object.keys(READERS).join(', ')}`);
    reader(migration, words);
  }
  return migration;
}

const READERS: Readonly<Record<string, (migration: Mutable<Migration>, words: Words) => void>> = {
  by: (migration, words) => {
    migration.policy = words.choice('a policy', RATE_POLICIES);
  },
  downtime: (migration, words) => {
    migration.downtimeLimitSec = words.amount('time');
  },
  deadline: (migration, words) => {
    migration.deadlineSec = words.amount('time');
  },
  'at-least': (migration, words) => {
    migration.rateMinBitsPerSec = words.amount('rate');
  },
  'at-most': (migration, words) => {
    migration.rateMaxBitsPerSec = words.amount('rate');
  },
  floor: (migration, words) => {
    migration.applicationFloorBitsPerSec = words.amount('rate');
  },
  rounds: (migration, words) => {
    migration.roundsMax = words.whole('a number of rounds');
  },
  tenant: (migration, words) => {
    migration.tenant = words.name('a tenant');
  },
  priority: (migration, words) => {
    migration.priority = words.whole('a priority');
  },
  weight: (migration, words) => {
    migration.weight = words.number('a weight');
  },
  'start-at': (migration, words) => {
    migration.startAtSec = words.amount('time');
  },
  hold: (migration, words) => {
    migration.holdForSec = words.amount('time');
  },
  'may-preempt': (migration) => {
    migration.mayPreempt = true;
  },
  'may-postcopy': (migration) => {
    migration.mechanisms = ['precopy', 'postcopy', 'hybrid'];
  },
  'may-throttle': (migration, words) => {
    migration.throttleMax = words.number('a percentage') / 100;
    words.expect('%');
  },
};
