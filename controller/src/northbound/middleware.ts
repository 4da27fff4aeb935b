/** What every request passes: an id, the clock of the metrics, the guard of the host name. */
import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import { type Config, isLoopback } from '../config.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { sendProblem } from './problem.ts';

/** The caller's id when it is a sane one, so that logs of both sides can be joined. */
export const stampRequestId: RequestHandler = (req, res, next) => {
  const given = req.get('x-request-id');
  res.set('x-request-id', given && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID());
  res.set('x-content-type-options', 'nosniff');
  res.set('cache-control', 'no-store');
  next();
};

/** Routes are labels, never addresses: ids would make a time series each. */
export const measure =
  (metrics: Metrics): RequestHandler =>
  (req, res, next) => {
    const began = performance.now();
    res.once('finish', () => {
      if (res.getHeader('content-type') === 'text/event-stream') return;
      const route = typeof req.route?.path === 'string' ? req.route.path : 'none';
      metrics.answered({
        method: req.method,
        route,
        status: res.statusCode,
        elapsedMs: performance.now() - began,
      });
    });
    next();
  };

/**
 * A web page can make a browser send requests to loopback under a name of its own (DNS rebinding): only names that
 * are ours are served. Beyond loopback the operator's list counts; an empty one allows every name.
 */
export function guardHost(http: Config['http']): RequestHandler {
  const allowed = new Set(http.allowedHosts.map((name) => name.toLowerCase()));
  const open = !isLoopback(http.host) && allowed.size === 0;
  return (req, res, next) => {
    const name = hostNameOf(req.headers.host ?? '');
    if (open || isLoopback(name) || allowed.has(name)) return next();
    sendProblem(res, {
      status: 403,
      code: 'host_not_allowed',
      title: 'Host not allowed',
      detail: 'the Host header names somebody else',
      fix: 'Use the address on which the controller listens, or add the name to http.allowedHosts.',
    });
  };
}

/** `[::1]:8470` → `[::1]`, `localhost:8470` → `localhost`. */
const hostNameOf = (host: string): string => host.replace(/:\d+$/, '').toLowerCase();
