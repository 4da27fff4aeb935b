/** Quotes: what a migration would get and take if it were asked for now, and if it would be refused, what would pass. */
import { elapsed, toSeconds } from '@sluice/units';
import { Router } from 'express';
import type { MigrationId, NoOffer, Offer, Outcome } from '../../core/index.ts';
import type { NorthboundContext } from '../context.ts';
import { methodNotAllowed } from '../errors.ts';
import { FIELD_FIXES, migrationBodySchema, migrationRequestOf, unknownFieldFix } from '../migration-body.ts';
import { parseOrRefuse } from '../parse.ts';
import { refusalProblem } from '../refusal-problem.ts';
import { jsonBody, newMigrationId } from './migrations.ts';

/** Transfers that are listed; a migration with more does not converge. */
const TRANSFERS_MAX = 200;

/** Always 200: that a migration would be refused is an answer, not a failure. */
export function quoteRoutes({ runtime }: NorthboundContext): Router {
  const router = Router();
  router
    .route('/v1/quotes')
    .post((req, res) => {
      const { id, ...body } = parseOrRefuse(migrationBodySchema, jsonBody(req), {
        fields: FIELD_FIXES,
        unknownField: unknownFieldFix,
      });
      // Checked by the schema, or made here.
      const quoted = runtime.quote(migrationRequestOf(body, (id ?? newMigrationId()) as MigrationId));
      res.set('etag', `"${quoted.etag}"`).json(quoted.ok ? offerBody(quoted) : refusalBody(quoted));
    })
    .all(methodNotAllowed('POST'));
  return router;
}

const offerBody = (offer: Offer) => ({
  accepted: true,
  etag: offer.etag,
  path: offer.path,
  reversePath: offer.reversePath,
  guaranteedBitsPerSec: offer.guarantee,
  rateLimitBitsPerSec: offer.rateLimit,
  guaranteedForSec:
    offer.window.until === null ? null : toSeconds(elapsed(offer.window.from, offer.window.until)),
  earliestFinishSec: toSeconds(offer.expected.totalTime),
  expected: outcomeBody(offer.expected),
  interval: { low: outcomeBody(offer.low), high: outcomeBody(offer.high) },
  mechanism: {
    name: offer.mechanism.name,
    reason: offer.mechanism.reason,
    leftBitsPerSec: offer.mechanism.left,
    group: offer.mechanism.group.map(({ vmId, name, state }) => ({ vm: vmId, name, state })),
  },
  preempts: offer.preempts.map(({ migrationId, concession, from, to }) => ({
    migrationId,
    concession,
    fromBitsPerSec: from,
    toBitsPerSec: to,
  })),
  transfers: offer.transfers.slice(0, TRANSFERS_MAX).map((transfer) => ({
    round: transfer.round,
    phase: transfer.phase,
    rateBitsPerSec: transfer.rate,
    sentBytes: transfer.sent,
    durationSec: toSeconds(transfer.duration),
    remainingBytes: transfer.remaining,
  })),
});

const outcomeBody = (outcome: Outcome) => ({
  totalTimeSec: toSeconds(outcome.totalTime),
  downtimeSec: toSeconds(outcome.downtime),
  transferredBytes: outcome.transferred,
  energyJoule: outcome.energy,
  costJoule: outcome.costJoule,
  rounds: outcome.rounds,
});

function refusalBody({ etag, refusal, changes }: NoOffer) {
  const { status, code, title, detail, fix } = refusalProblem(refusal, changes).options;
  const { kind: _kind, ...facts } = refusal;
  return { accepted: false, etag, refusal: { ...facts, status, code, title, detail, fix }, changes };
}
