/** The composition root: puts store, core, adapters and API together, and takes them apart again. */
import { buildTopology } from '@sluice/topology';
import { systemClock } from './clock.ts';
import type { Config } from './config.ts';
import { initialState } from './core/index.ts';
import { EventLog } from './event-log.ts';
import { MigrationBook } from './migration-book.ts';
import { type HttpAddress, startHttpServer } from './northbound/server.ts';
import { Persistence } from './persistence.ts';
import { recover } from './recovery.ts';
import { Runtime } from './runtime.ts';
import {
  type AgentChannel,
  createAgentChannel,
  createNetwork,
  createShadowNetwork,
  type DroppedReports,
  type Network,
  type Note,
} from './southbound/index.ts';
import { createRedisStore, EVENTS_KEPT_MAX, type Store } from './store/index.ts';
import { createLog, type Log } from './telemetry/log.ts';
import { createMetrics } from './telemetry/metrics.ts';

export interface RunningController {
  readonly httpAddress: HttpAddress;
  /** Where the switches are to connect. */
  readonly openflowAddress: { readonly host: string; readonly port: number };
  /** Settles when the network is up, or its start deadline is over; before, admissions are answered with 503. */
  readonly ready: Promise<void>;
  /**
   * `abort` (default): live migrations are aborted and everything is released, as far as it can be within
   * DRAIN_LIMIT_MS. `leave`: stops as it stands; the next process cleans up.
   */
  close(options?: { readonly drain?: 'abort' | 'leave' }): Promise<void>;
}

/** Parts that stand in for the real ones, in tests and simulations. */
export interface ControllerParts {
  readonly store?: Store;
  readonly network?: Network;
  readonly agents?: AgentChannel;
  readonly log?: Log;
  /** A promise of our own is broken; the default lets the process die of it. */
  readonly onBug?: (error: unknown) => void;
}

/**
 * Resolves when the HTTP and OpenFlow ports are open; the switches may be told to connect then.
 * @throws StoreFailure, AgentChannelFailure, or the error of a port that cannot be opened
 */
export async function startController(
  config: Config,
  parts: ControllerParts = {},
): Promise<RunningController> {
  const log = parts.log ?? createLog(config.logLevel);
  const store = parts.store ?? (await createRedisStore(config.redis, config.prefix));
  const undo: (() => Promise<void>)[] = [() => store.close()];
  try {
    return await compose({ config, parts, log, store, undo });
  } catch (error) {
    for (const close of undo.reverse()) await close();
    throw error;
  }
}

interface Composition {
  readonly config: Config;
  readonly parts: ControllerParts;
  readonly log: Log;
  readonly store: Store;
  /** What ends what has been started so far, in order of the start. */
  readonly undo: (() => Promise<void>)[];
}

async function compose({ config, parts, log, store, undo }: Composition): Promise<RunningController> {
  const clock = systemClock();
  const epoch = await store.nextEpoch();
  const recovered = await recover(store, clock.iso(clock.now()));
  const book = new MigrationBook(recovered.migrations);
  const events = new EventLog({
    store,
    wallMs: clock.wallMs,
    earlier: await store.recentEvents(EVENTS_KEPT_MAX),
  });
  for (const { id, reason } of recovered.failed)
    events.append({ type: 'migration_failed', subject: id, data: { reason } });
  const { released, unreadable } = recovered;
  log.info(
    { event: 'recovered', epoch, failed: recovered.failed.length, released, unreadable },
    'store read',
  );

  const topology = buildTopology(config.inventory);
  const note = ({ level, event, detail }: Note) => log[level]({ event, ...detail }, event);
  const network =
    parts.network ??
    (config.shadow ? createShadowNetwork() : null) ??
    createNetwork({
      topology,
      epoch,
      listen: config.openflow,
      ovsdb: config.ovsdb,
      note,
    });
  undo.push(() => network.close());
  const agents =
    parts.agents ??
    createAgentChannel({
      redis: redisOptions(config.redis),
      prefix: config.prefix,
      epoch,
      hosts: topology.hosts.keys(),
      note,
    });
  undo.push(() => agents.close());
  const metrics = createMetrics();
  const persistence = new Persistence({ store, book, epoch, iso: clock.iso });
  const runtime = new Runtime(
    initialState(
      topology,
      { ...config.core, ...config.allocation, shadow: config.shadow },
      { now: clock.now() },
    ),
    {
      network,
      agents,
      store,
      persistence,
      events,
      log,
      metrics,
      now: clock.now,
      tick: config.tickMs,
      checkInvariants: config.checkInvariants,
      // What an earlier process left is not a shadow's to clean up.
      firstEffects: config.shadow ? [] : recovered.effects,
      onBug: parts.onBug ?? throwLater,
    },
  );
  const unwritten = () => persistence.behind;
  const http = await startHttpServer({
    http: config.http,
    runtime,
    network,
    store,
    book,
    events,
    metrics,
    log,
    epoch,
    unwritten,
    reportsDropped: () => ('dropped' in agents ? { ...(agents.dropped as DroppedReports) } : {}),
  });
  undo.push(() => http.close());
  undo.push(() => runtime.close({ drain: 'leave' }));
  const ready = runtime.start().then(() => void log.info({ event: 'controller_ready' }, 'takes migrations'));
  ready.catch(() => {});
  const openflowAddress = await Promise.race([
    'listening' in network
      ? (network.listening as Promise<RunningController['openflowAddress']>)
      : config.openflow,
    ready.then(() => config.openflow),
  ]);
  const { url } = http.address;
  log.info(
    {
      event: 'controller_listening',
      httpUrl: url,
      openflowHost: openflowAddress.host,
      openflowPort: openflowAddress.port,
    },
    `HTTP on ${url}, OpenFlow on ${openflowAddress.host}:${openflowAddress.port}`,
  );
  let closing: Promise<void> | null = null;
  const close = async (drain: 'abort' | 'leave') => {
    await runtime.close({ drain });
    for (const end of undo.reverse()) await end();
    log.info({ event: 'controller_closed' }, 'closed');
  };
  return {
    httpAddress: http.address,
    openflowAddress,
    ready,
    close: ({ drain = 'abort' } = {}) => {
      closing ??= close(drain);
      return closing;
    },
  };
}

const redisOptions = (redis: Config['redis']) =>
  'socketPath' in redis ? { path: redis.socketPath } : optionsOfUrl(new URL(redis.url));

function optionsOfUrl(url: URL) {
  return {
    host: url.hostname,
    port: Number(url.port || 6379),
    ...(url.username ? { username: decodeURIComponent(url.username) } : {}),
    ...(url.password ? { password: decodeURIComponent(url.password) } : {}),
    ...(url.pathname.length > 1 ? { db: Number(url.pathname.slice(1)) } : {}),
    ...(url.protocol === 'rediss:' ? { tls: {} } : {}),
  };
}

/** Outside of every promise, so that it ends the process. */
function throwLater(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}
