/** A migration as a page of text: what was asked, every round, the receipt. */
import type { MigrationRecord } from '@sluice/controller';
import * as format from '../terminal/format.ts';
import { formatTable } from '../terminal/table.ts';

export function migrationText(record: MigrationRecord): string {
  const { limits, receipt } = record;
  const facts: readonly (readonly [string, string])[] = [
    ['migration', record.id],
    ['vm', `${record.vm}, ${format.volume(record.vmProfile.memoryBytes)}`],
    ['from, to', `${record.source} -> ${record.destination}`],
    ['policy', record.policy],
    ['phase', record.reason ? `${record.phase} (${record.reason})` : record.phase],
    ['path', format.pathNodes(record.path)],
    ['deadline', format.duration(limits.deadlineSec)],
    ['downtime limit', format.duration(limits.downtimeLimitSec)],
    ['admitted', record.admittedAt],
    ['ended', format.text(record.endedAt)],
    ...disks(record),
  ];
  const parts = [facts.map(([name, value]) => `${name.padEnd(16)}${value}`).join('\n')];
  if (record.reasonDetail) parts.push(`${'why'.padEnd(16)}${record.reasonDetail}`);
  if (record.rounds.length > 0) parts.push('', roundsTable(record).trimEnd());
  if (receipt)
    parts.push(
      '',
      `total time ${format.duration(receipt.totalTimeSec)}  downtime ${format.duration(receipt.downtimeSec)}  ` +
        `transferred ${format.volume(receipt.transferredBytes)}  energy ${format.energy(receipt.energyJoule)} (by the model)`,
      `deadline met ${format.yesNo(receipt.deadlineMet)}  downtime limit met ${format.yesNo(receipt.downtimeLimitMet)}  ` +
        `pages checked ${format.text(receipt.checkedPages)}`,
    );
  return `${parts.join('\n')}\n`;
}

const disks = ({ storage }: MigrationRecord): readonly (readonly [string, string])[] =>
  storage === null
    ? []
    : [['disks', `${format.volume(storage.copiedBytes)} copied of ${format.volume(storage.totalBytes)}`]];

const roundsTable = ({ rounds }: MigrationRecord): string =>
  formatTable(
    ['round', 'phase', 'reserved', 'measured', 'by', 'duration', 'sent', 'remaining', 'dirty rate'],
    rounds.map((round) => [
      String(round.round),
      round.phase,
      format.rate(round.reservedBitsPerSec),
      format.rate(round.measuredBitsPerSec),
      format.text(round.measuredFrom),
      format.duration(round.durationSec),
      format.volume(round.transferredBytes),
      format.volume(round.remainingBytes),
      format.byteRate(round.dirtyRateBytesPerSec),
    ]),
  );
