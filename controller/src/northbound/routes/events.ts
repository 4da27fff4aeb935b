/**
 * Events as server-sent events. Every event has an id; `Last-Event-ID` resumes after it without loss as long as it is
 * kept, else `event: gap` comes first. A client that falls behind what is kept
 * gets `event: overflow` and is dropped.
 */
import { type Response, Router } from 'express';
import { z } from 'zod';
import type { EventLog } from '../../event-log.ts';
import { compareEventIds, type EventRecord, isEventId } from '../../store/index.ts';
import type { NorthboundContext } from '../context.ts';
import { methodNotAllowed } from '../errors.ts';
import { parseOrRefuse } from '../parse.ts';
import { Problem } from '../problem.ts';

const CLIENTS_MAX = 100;
const OVERFLOW_GRACE_MS = 1_000;
/** Keeps proxies from closing a silent stream. */
const HEARTBEAT_MS = 15_000;

const querySchema = z.strictObject({
  /** Comma-separated. */
  types: z.string().max(500).optional(),
  migration: z.string().max(64).optional(),
  /** As Last-Event-ID, for clients that cannot set headers; 0-0 = everything that is kept. */
  after: z.string().refine(isEventId, 'not an event id').optional(),
});
const FIXES = {
  fields: { types: 'names of events with commas between', after: 'the id of an event, or 0-0' },
  unknownField: () => 'remove it; the parameters are types, migration and after',
};

export interface EventRoutes {
  readonly router: Router;
  clients(): number;
  /** Ends all streams. */
  close(): void;
}

export function eventRoutes({ events }: NorthboundContext): EventRoutes {
  const clients = new Set<Response>();
  const router = Router();
  router
    .route('/v1/events')
    .get((req, res) => {
      const query = parseOrRefuse(querySchema, req.query, FIXES);
      if (clients.size >= CLIENTS_MAX) throw tooMany();
      const header = req.get('last-event-id');
      const after = header && isEventId(header) ? header : query.after;
      const types = query.types ? new Set(query.types.split(',')) : null;
      const wanted = (event: EventRecord) =>
        (!types || types.has(event.type)) && (!query.migration || event.subject === query.migration);
      clients.add(res);
      res
        .status(200)
        .set({ 'content-type': 'text/event-stream', 'x-accel-buffering': 'no', connection: 'close' })
        .flushHeaders();
      res.write(': sluice events\n\n');
      const pump = pumpTo(res, events, { after: after ?? events.kept.at(-1)?.id ?? '0-0', wanted });
      const stopListening = events.listen(pump);
      pump();
      const heartbeat = setInterval(() => res.write(': still here\n\n'), HEARTBEAT_MS);
      res.once('close', () => {
        clients.delete(res);
        clearInterval(heartbeat);
        stopListening();
      });
    })
    .all(methodNotAllowed('GET'));
  return {
    router,
    clients: () => clients.size,
    close: () => {
      for (const res of clients) res.end();
    },
  };
}

/**
 * Sends what is kept after `after`, as fast as the client reads: nothing but its place is remembered for a slow one,
 * until what it needs next is not kept any more.
 */
function pumpTo(
  res: Response,
  events: EventLog,
  from: { readonly after: string; readonly wanted: (event: EventRecord) => boolean },
): () => void {
  let last = from.after;
  let isBlocked = false;
  const oldest = events.kept[0];
  if (last !== '0-0' && oldest && compareEventIds(last, oldest.id) < 0) {
    res.write(`event: gap\ndata: ${JSON.stringify({ oldestId: oldest.id })}\n\n`);
    last = '0-0';
  }
  const pump = () => {
    if (res.writableEnded) return;
    const { kept } = events;
    if (isBlocked) {
      // Its next event has been dropped from what is kept: it has lost its place.
      if (kept[0] && compareEventIds(last, kept[0].id) < 0) overflow(res, last);
      return;
    }
    for (let index = firstAfter(kept, last); index < kept.length && !isBlocked; index += 1) {
      const event = kept[index] as EventRecord;
      last = event.id;
      if (!from.wanted(event)) continue;
      isBlocked = !res.write(`id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    }
    if (isBlocked)
      res.once('drain', () => {
        isBlocked = false;
        pump();
      });
  };
  return pump;
}

/** The answer ends, and what the client does not read within a moment is thrown away. */
function overflow(res: Response, lastId: string): void {
  res.end(`event: overflow\ndata: ${JSON.stringify({ lastId })}\n\n`);
  setTimeout(() => res.destroy(), OVERFLOW_GRACE_MS).unref();
}

const firstAfter = (kept: readonly EventRecord[], id: string): number =>
  kept.findLastIndex((event) => compareEventIds(event.id, id) <= 0) + 1;

const tooMany = () =>
  new Problem({
    status: 503,
    code: 'event_clients_max',
    title: 'Too many readers',
    detail: `${CLIENTS_MAX} clients read events, which is the limit`,
    fix: 'Close streams that nobody reads, or ask again later.',
    headers: { 'retry-after': '5' },
  });
