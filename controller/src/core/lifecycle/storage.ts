/** A VM's disks are copied before its memory: how far they have come, and what that has cost by the model. */
import type { AgentReport } from '@sluice/agents/contract';
import { bytes, elapsed, type Joules, joules, meanRate, subtract, sum } from '@sluice/units';
import { wireRate } from '../allocation/grant.ts';
import { migrationWith } from '../copies.ts';
import { andThen, announce, result, type Step, save } from '../result.ts';
import type { Migration, State, StorageCopy } from '../state.ts';
import { askForCounters, energyAt } from './measurement.ts';

type StorageProgress = Extract<AgentReport, { kind: 'storage_progress' }>;

export function onStorageProgress(state: State, migration: Migration, report: StorageProgress): Step {
  const copied = bytes(report.copiedBytes);
  const storage: StorageCopy = {
    copied,
    total: bytes(report.totalBytes),
    energy: sum<'joule'>([migration.storage?.energy ?? joules(0), energySince(state, migration, copied)]),
    at: state.now,
  };
  const known: Migration = migrationWith(migration, { lastProgress: state.now, storage });
  const told = andThen(save(state, known), (next) =>
    result(
      next,
      announce('storage_progress', known.id, {
        vmId: known.vm.id,
        copiedBytes: storage.copied,
        totalBytes: storage.total,
      }),
    ),
  );
  // What left for the disks until now belongs to no round.
  return andThen(told, (next) => askForCounters(next, known));
}

/** Of what was copied since the last word, at the mean rate that it had on the wire. */
function energySince(state: State, { storage, startedAt }: Migration, copied: StorageCopy['copied']): Joules {
  const duration = elapsed(storage?.at ?? startedAt ?? state.now, state.now);
  const before = storage?.copied ?? bytes(0);
  if (duration <= 0 || copied <= before) return joules(0);
  return energyAt(state, wireRate(state, meanRate(bytes(subtract(copied, before)), duration)), duration);
}
