/** The outcome of a simulation as one document for programs: seconds from the end of the warm-up, units in the names. */
import type { TimedEvent } from '../simulator/index.ts';
import { receiptSummary } from './receipt-summary.ts';
import type { SimulatedRun } from './simulation-run.ts';

/** JSON-ready; the same file, options and seed give the same document. */
export function simulationDocument(
  runs: readonly SimulatedRun[],
  { seed, warmupSec }: { readonly seed: number; readonly warmupSec: number },
): Readonly<Record<string, unknown>> {
  return { seed, ...Object.fromEntries(runs.map((one) => [one.run, runDocument(one, warmupSec * 1000)])) };
}

function runDocument({ outcome, result }: SimulatedRun, zeroMs: number) {
  const sec = (atMs: number) => (atMs - zeroMs) / 1000;
  return {
    ...result,
    endedSec: sec(outcome.endedSec * 1000),
    inputs: outcome.inputs,
    receipts: outcome.receipts.map((receipt) => ({
      migrationId: receipt.migrationId,
      ...receiptSummary(receipt),
      rounds: receipt.rounds.length,
    })),
    events: outcome.events.map(({ atMs, event }) => ({ atSec: sec(atMs), ...event })),
    rates: outcome.events.flatMap((timed) => rateOf(timed, sec)),
    prices: outcome.explanations.map(({ atMs, explanation }) => ({ atSec: sec(atMs), ...explanation })),
    samples: Object.fromEntries(
      [...outcome.flows].map(([flow, samples]) => [
        flow,
        samples.map(({ sinceMs, atMs, bytes, lost }) => ({
          fromSec: sec(sinceMs),
          toSec: sec(atMs),
          bytes,
          packetsLost: lost,
        })),
      ]),
    ),
    silences: outcome.gaps.map(({ vm, startMs, endMs }) => ({
      vm,
      fromSec: sec(startMs),
      toSec: sec(endMs),
    })),
    vms: Object.fromEntries(outcome.places),
    left: outcome.left,
  };
}

/** What a migration has from then on; 0 when it has ended. */
function rateOf({ atMs, event }: TimedEvent, sec: (atMs: number) => number) {
  const rate = (value: unknown) =>
    typeof value === 'number'
      ? [{ atSec: sec(atMs), migrationId: event.migrationId, rateBitsPerSec: value }]
      : [];
  switch (event.type) {
    case 'migration_admitted':
      return rate(event.detail.reservedBitsPerSec);
    case 'rate_changed':
      return rate(event.detail.toBitsPerSec);
    case 'migration_completed':
    case 'migration_aborted':
    case 'migration_failed':
      return rate(0);
    default:
      return [];
  }
}
