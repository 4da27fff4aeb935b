/** A receipt of the core as programs read it: units in the names. */
import type { Receipt } from '@sluice/controller/core';
import { toSeconds } from '@sluice/units';

/** Its rounds and pages are left to the caller. */
export const receiptSummary = (receipt: Receipt) => ({
  outcome: receipt.outcome,
  reason: receipt.reason,
  totalTimeSec: toSeconds(receipt.totalTime),
  downtimeSec: receipt.downtime === null ? null : toSeconds(receipt.downtime),
  transferredBytes: receipt.transferred,
  energyJoule: receipt.energy,
  deadlineMet: receipt.deadlineMet,
  downtimeLimitMet: receipt.downtimeLimitMet,
});
