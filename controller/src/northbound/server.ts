/** The HTTP server: limits first, then the routes, one file per group; everything that goes wrong is problem+json. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express } from 'express';
import type { NorthboundContext } from './context.ts';
import { answerErrors, answerNotFound } from './errors.ts';
import { guardHost, measure, stampRequestId } from './middleware.ts';
import { eventRoutes } from './routes/events.ts';
import { healthRoutes } from './routes/health.ts';
import { hostRoutes } from './routes/hosts.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { migrationRoutes } from './routes/migrations.ts';
import { quoteRoutes } from './routes/quotes.ts';
import { reservationRoutes } from './routes/reservations.ts';
import { topologyRoutes } from './routes/topology.ts';

/** A migration request is a few hundred bytes. */
export const BODY_BYTES_MAX = 16 * 1024;
/** Node's own defaults (60 s, 300 s, no limit) let a few slow clients hold the server. */
const HTTP_LIMITS = { headersTimeoutMs: 3_000, requestTimeoutMs: 5_000, checkPeriodMs: 500 };
const CONNECTIONS_MAX = 500;
/** For answers under way when the server closes; connections that have not asked anything end with it. */
const CLOSE_GRACE_MS = 300;
const HEADER_BYTES_MAX = 16 * 1024;

export interface HttpAddress {
  readonly host: string;
  readonly port: number;
  readonly url: string;
}

export interface HttpServer {
  readonly address: HttpAddress;
  /** Ends event streams and idle connections; what is being answered is answered. */
  close(): Promise<void>;
}

/** Resolves when the port is open. @throws the error of listen (EADDRINUSE, EACCES) */
export async function startHttpServer(context: NorthboundContext, limits = HTTP_LIMITS): Promise<HttpServer> {
  const { app, closeStreams } = createApp(context);
  const server = createServer(
    {
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      connectionsCheckingInterval: limits.checkPeriodMs,
      maxHeaderSize: HEADER_BYTES_MAX,
    },
    app,
  );
  server.maxConnections = CONNECTIONS_MAX;
  const { host, port } = context.http;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, resolve);
  });
  return {
    address: addressOf(server, host),
    close: () =>
      new Promise((resolve) => {
        const grace = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
        server.close(() => {
          clearTimeout(grace);
          resolve();
        });
        closeStreams();
        server.closeIdleConnections();
      }),
  };
}

function createApp(context: NorthboundContext): { app: Express; closeStreams: () => void } {
  const events = eventRoutes(context);
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.use(stampRequestId, measure(context.metrics), guardHost(context.http));
  app.use(express.json({ limit: BODY_BYTES_MAX, strict: true }));
  app.use(
    migrationRoutes(context),
    quoteRoutes(context),
    reservationRoutes(context),
    topologyRoutes(context),
    hostRoutes(context),
    events.router,
    metricsRoutes({ ...context, eventClients: events.clients }),
    healthRoutes(context),
  );
  app.use(answerNotFound);
  app.use(answerErrors(context.log));
  return { app, closeStreams: events.close };
}

function addressOf(server: Server, configured: string): HttpAddress {
  const { address, port, family } = server.address() as AddressInfo;
  const host = configured === 'localhost' ? configured : address;
  return { host, port, url: `http://${family === 'IPv6' ? `[${host}]` : host}:${port}` };
}
