/** For supervisors: `healthz` says that the process lives, `readyz` that it can take migrations, or why not. */
import { Router } from 'express';
import type { NorthboundContext } from '../context.ts';
import { methodNotAllowed } from '../errors.ts';

export function healthRoutes(context: NorthboundContext): Router {
  const router = Router();
  router
    .route('/healthz')
    .get((_req, res) => {
      const isAlive = context.runtime.phase !== 'broken';
      res.status(isAlive ? 200 : 500).json({ status: isAlive ? 'ok' : 'broken' });
    })
    .all(methodNotAllowed('GET'));
  router
    .route('/readyz')
    .get(async (_req, res) => {
      const reasons = await reasonsAgainst(context);
      res.status(reasons.length === 0 ? 200 : 503).json({ ready: reasons.length === 0, reasons });
    })
    .all(methodNotAllowed('GET'));
  return router;
}

async function reasonsAgainst({ runtime, network, store }: NorthboundContext): Promise<readonly string[]> {
  const reasons: string[] = [];
  if (runtime.phase === 'starting') reasons.push('not_ready: the switches are being connected');
  if (runtime.phase === 'closing') reasons.push('closing: the controller is shutting down');
  if (runtime.phase === 'broken') reasons.push('broken: a promise of the controller is broken');
  const { ready, switches } = network.status();
  const away = switches.filter(({ connected }) => !connected).map(({ name }) => name);
  if (!ready)
    reasons.push(
      `network_not_ready: ${away.length > 0 ? `without ${away.join(', ')}` : 'links are unproved'}`,
    );
  const isStoreUp = await store.check().then(
    () => true,
    () => false,
  );
  if (!isStoreUp) reasons.push('store_unavailable: the store cannot be reached');
  return reasons;
}
