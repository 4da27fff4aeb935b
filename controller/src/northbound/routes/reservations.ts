/** Reservations: who holds how much of which links, now. */
import { Router } from 'express';
import { z } from 'zod';
import { reservations } from '../../core/index.ts';
import { reservationRecordOf } from '../../store/record-of.ts';
import type { NorthboundContext } from '../context.ts';
import { methodNotAllowed } from '../errors.ts';
import { parseOrRefuse } from '../parse.ts';

const name = z.string().min(1).max(100).optional();
const querySchema = z.strictObject({ link: name, host: name, migration: name });
const FIXES = {
  fields: { link: 'the id of a link as in GET /v1/topology' },
  unknownField: () => 'remove it; the parameters are link, host and migration',
};

export function reservationRoutes({ runtime, epoch }: NorthboundContext): Router {
  const router = Router();
  router
    .route('/v1/reservations')
    .get((req, res) => {
      const { link, host, migration } = parseOrRefuse(querySchema, req.query, FIXES);
      const found = reservations(runtime.state)
        .map((reservation) => {
          const { source, destination } = runtime.state.migrations.get(reservation.migrationId) ?? {};
          return { ...reservationRecordOf(reservation, epoch), source, destination };
        })
        .filter((entry) => !link || entry.path.includes(link) || entry.reversePath.includes(link))
        .filter((entry) => !host || entry.source === host || entry.destination === host)
        .filter((entry) => !migration || entry.migrationId === migration);
      res.json({ reservations: found });
    })
    .all(methodNotAllowed('GET'));
  return router;
}
