/** Migrations: ask for one, list, look, abort. */
import { randomBytes } from 'node:crypto';
import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { explain, type MigrationId } from '../../core/index.ts';
import { isTerminal, type MigrationRecord, PHASES } from '../../store/index.ts';
import type { NorthboundContext } from '../context.ts';
import { methodNotAllowed } from '../errors.ts';
import { type Admission, Idempotency, KEY_LENGTH_MAX } from '../idempotency.ts';
import { FIELD_FIXES, migrationBodySchema, migrationRequestOf, unknownFieldFix } from '../migration-body.ts';
import { parseOrRefuse } from '../parse.ts';
import { Problem } from '../problem.ts';
import { refusalProblem } from '../refusal-problem.ts';

const LIST_MAX = 500;
const LIST_DEFAULT = 100;

export function migrationRoutes(context: NorthboundContext): Router {
  const { runtime, book } = context;
  const idempotency = new Idempotency(context.store);
  const router = Router();

  router
    .route('/v1/migrations')
    .post(async (req, res) => {
      const { id, ...body } = parseOrRefuse(migrationBodySchema, jsonBody(req), {
        fields: FIELD_FIXES,
        unknownField: unknownFieldFix,
      });
      const etag = etagOf(req);
      const proposed = (id ?? newMigrationId()) as MigrationId;
      const admit = (migrationId: MigrationId) =>
        book.get(migrationId)
          ? Promise.resolve({
              ok: false as const,
              refusal: { kind: 'migration_exists' as const, migrationId },
            })
          : runtime.request(migrationRequestOf(body, migrationId, etag));
      const key = idempotencyKey(req);
      const admission: Admission = key
        ? await idempotency.once({
            key,
            body: { id: id ?? null, ...body },
            migrationId: proposed,
            exists: (migrationId) => book.get(migrationId) !== null,
            admit,
          })
        : await admit(proposed).then((answer) =>
            answer.ok
              ? { kind: 'admitted', migrationId: proposed, repeated: false }
              : { kind: 'refused', answer },
          );
      if (admission.kind === 'refused') {
        const { refusal } = admission.answer;
        throw refusalProblem(refusal, runtime.changesFor(migrationRequestOf(body, proposed), refusal));
      }
      if (admission.repeated) res.set('idempotency-replayed', 'true');
      res
        .status(202)
        .location(`/v1/migrations/${admission.migrationId}`)
        .json(book.get(admission.migrationId));
    })
    .get((req, res) => {
      res.json(listPage(book.newestFirst(), parseOrRefuse(listQuerySchema, req.query, LIST_FIXES)));
    })
    .all(methodNotAllowed('GET', 'POST'));

  // One that has ended long ago, or in an earlier process, is unknown to the core.
  const abort = async (req: Request<{ id: string }>, res: Response) => {
    const body = parseOrRefuse(abortBodySchema, req.body ?? {}, ABORT_FIXES);
    const { id, outcome } = known(context, req.params.id);
    if (outcome && !runtime.state.migrations.has(id as MigrationId))
      throw refusalProblem({ kind: 'migration_ended', migrationId: id, outcome });
    const answer = await runtime.abort(id as MigrationId, body.reason);
    if (!answer.ok) throw refusalProblem(answer.refusal);
    res.status(202).location(`/v1/migrations/${id}`).json(book.get(id));
  };
  router
    .route('/v1/migrations/:id')
    .get((req, res) => {
      res.json(known(context, req.params.id));
    })
    .delete(abort)
    .all(methodNotAllowed('GET', 'DELETE'));
  router
    .route('/v1/migrations/:id/explanation')
    .get((req, res) => {
      const { id, outcome } = known(context, req.params.id);
      // An unknown id is not found.
      const explanation = explain(runtime.state, id as MigrationId);
      if (explanation === null)
        throw refusalProblem({ kind: 'migration_ended', migrationId: id, outcome: outcome ?? 'failed' });
      res.json(explanation);
    })
    .all(methodNotAllowed('GET'));
  router
    .route('/v1/migrations/:id/commit')
    .post(async (req, res) => {
      const { id } = known(context, req.params.id);
      // An unknown id is refused.
      const answer = await runtime.commit(id as MigrationId);
      if (!answer.ok) throw refusalProblem(answer.refusal);
      res.status(202).location(`/v1/migrations/${id}`).json(book.get(id));
    })
    .all(methodNotAllowed('POST'));
  router.route('/v1/migrations/:id/abort').post(abort).all(methodNotAllowed('POST'));
  return router;
}

export const newMigrationId = (): string => `mig-${randomBytes(5).toString('hex')}`;

/** The migration, or the problem that there is none. */
function known({ book }: NorthboundContext, id: string): MigrationRecord {
  const record = book.get(id);
  if (record) return record;
  throw refusalProblem({ kind: 'unknown_migration', migrationId: id.slice(0, 80) });
}

export function jsonBody(req: Request): unknown {
  if (req.body !== undefined) return req.body;
  throw new Problem({
    status: 415,
    code: 'unsupported_media_type',
    title: 'Unsupported media type',
    detail: 'a migration is asked for with a JSON body',
    fix: 'Send content-type: application/json and a body such as {"vm": "web", "destination": "h2"}.',
  });
}

/** The tag of the quote that the user relies on; `*` and no header at all mean any. */
function etagOf(req: Request): string | null {
  const header = req.get('if-match');
  if (header === undefined || header === '*') return null;
  const tag = /^"([0-9a-z.-]{1,256})"$/.exec(header)?.[1];
  if (tag !== undefined) return tag;
  throw new Problem({
    status: 400,
    code: 'invalid_request',
    title: 'Invalid request',
    detail: 'If-Match is not the ETag of a quote',
    fix: 'Send the ETag of POST /v1/quotes as it came, with its quotes.',
  });
}

function idempotencyKey(req: Request): string | null {
  const key = req.get('idempotency-key');
  if (key === undefined) return null;
  if (key.length <= KEY_LENGTH_MAX && /^[\x21-\x7e]+$/.test(key)) return key;
  throw new Problem({
    status: 400,
    code: 'invalid_request',
    title: 'Invalid request',
    detail: `Idempotency-Key is not 1 to ${KEY_LENGTH_MAX} visible characters`,
    fix: 'Send a UUID.',
  });
}

const abortBodySchema = z.strictObject({ reason: z.string().min(1).max(200).default('user') });
const ABORT_FIXES = {
  fields: { reason: 'a few words, or leave it out' },
  unknownField: () => 'remove it; the only field is reason',
};

const listQuerySchema = z.strictObject({
  state: z.enum(['active', 'ended', ...PHASES]).optional(),
  vm: z.string().max(64).optional(),
  limit: z.coerce.number().int().min(1).max(LIST_MAX).default(LIST_DEFAULT),
  /** Id of the last migration of the page before. */
  cursor: z.string().max(64).optional(),
});
const LIST_FIXES = {
  fields: {
    state: `active, ended, or one of ${PHASES.join(', ')}`,
    limit: `a whole number from 1 to ${LIST_MAX}`,
    cursor: 'nextCursor of the page before',
  },
  unknownField: () => 'remove it; the parameters are state, vm, limit and cursor',
};

function listPage(records: readonly MigrationRecord[], query: z.output<typeof listQuerySchema>) {
  const { state, vm, limit, cursor } = query;
  const from = cursor === undefined ? 0 : records.findIndex(({ id }) => id === cursor) + 1;
  if (cursor !== undefined && from === 0)
    throw new Problem({
      status: 400,
      code: 'invalid_cursor',
      title: 'Invalid cursor',
      detail: 'the migration at which the page would begin is not kept any more',
      fix: 'Start again without cursor.',
    });
  const matching = records
    .slice(from)
    .filter((record) => isInState(record, state) && (!vm || record.vm === vm));
  const page = matching.slice(0, limit);
  return { migrations: page, nextCursor: matching.length > limit ? (page.at(-1)?.id ?? null) : null };
}

function isInState({ phase }: MigrationRecord, state: string | undefined): boolean {
  if (state === undefined) return true;
  if (state === 'active') return !isTerminal(phase);
  return state === 'ended' ? isTerminal(phase) : phase === state;
}
