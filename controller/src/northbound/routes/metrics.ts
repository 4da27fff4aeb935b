/** Prometheus reads here. */
import { Router } from 'express';
import type { NorthboundContext } from '../context.ts';
import { methodNotAllowed } from '../errors.ts';

export function metricsRoutes(context: NorthboundContext & { readonly eventClients: () => number }): Router {
  const { runtime, network, store, metrics, epoch, unwritten, reportsDropped, eventClients } = context;
  metrics.observe(() => ({
    state: runtime.state,
    network: network.status(),
    storeUp: store.available(),
    unwritten: unwritten(),
    queueLength: runtime.queueLength,
    epoch,
    eventClients: eventClients(),
    reportsDropped: reportsDropped(),
  }));
  const router = Router();
  router
    .route('/metrics')
    .get(async (_req, res) => {
      res.type(metrics.registry.contentType).send(await metrics.registry.metrics());
    })
    .all(methodNotAllowed('GET'));
  return router;
}
