/**
 * Prometheus metrics: base units (bytes, seconds), few label values. A migration's id is a label only on the gauges
 * of live migrations, which are rebuilt at every scrape and so vanish with it.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { CoreEvent, Migration } from '../core/index.ts';
import { addStateMetrics, type Observed } from './state-metrics.ts';

const DURATION_BUCKETS = [0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600];
const DOWNTIME_BUCKETS = [0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 1, 3, 10];
const STEP_BUCKETS = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1];
const HTTP_BUCKETS = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3];
const RESULTS: Readonly<Record<string, string>> = {
  migration_completed: 'completed',
  migration_aborted: 'aborted',
  migration_failed: 'failed',
  migration_refused: 'refused',
};

export interface Metrics {
  readonly registry: Registry;
  /** Gauges read from the world as it is when Prometheus asks. */
  observe(look: () => Observed): void;
  stepped(elapsedMs: number): void;
  announced(type: string, detail: CoreEvent['detail'], migration: Migration | null): void;
  answered(request: { method: string; route: string; status: number; elapsedMs: number }): void;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const migrations = new Counter({
    name: 'sluice_migrations_total',
    help: 'Migrations that ended or were refused',
    labelNames: ['result', 'reason'],
    registers,
  });
  const duration = new Histogram({
    name: 'sluice_migration_duration_seconds',
    help: 'From admission to the end, completed migrations',
    buckets: DURATION_BUCKETS,
    registers,
  });
  const downtime = new Histogram({
    name: 'sluice_migration_downtime_seconds',
    help: 'Pause of the VM, completed migrations',
    buckets: DOWNTIME_BUCKETS,
    registers,
  });
  const processed = new Counter({
    name: 'sluice_migration_data_processed_bytes_total',
    help: 'Payload sent in finished rounds',
    registers,
  });
  const rateChanges = new Counter({
    name: 'sluice_rate_changes_total',
    help: 'Reservations resized at a round boundary',
    registers,
  });
  const steps = new Histogram({
    name: 'sluice_allocation_duration_seconds',
    help: 'One step of the core, which decides admission and rates',
    buckets: STEP_BUCKETS,
    registers,
  });
  const requests = new Histogram({
    name: 'sluice_http_request_duration_seconds',
    help: 'HTTP requests until the answer was sent; event streams are not counted',
    labelNames: ['method', 'route', 'status'],
    buckets: HTTP_BUCKETS,
    registers,
  });
  new Gauge({ name: 'sluice_build_info', help: 'Always 1', labelNames: ['version'], registers }).set(
    { version: '0.1.0' },
    1,
  );
  return {
    registry,
    observe: (look) => addStateMetrics(registry, look),
    stepped: (elapsedMs) => steps.observe(elapsedMs / 1000),
    announced: (type, detail, migration) => {
      const result = RESULTS[type];
      if (type === 'rate_changed') rateChanges.inc();
      if (type === 'round_finished') processed.inc(migration?.rounds.at(-1)?.transferred ?? 0);
      if (result === undefined) return;
      migrations.inc({ result, reason: reasonLabel(detail) });
      const receipt = migration?.receipt;
      if (!receipt || result !== 'completed') return;
      duration.observe(receipt.totalTime / 1000);
      if (receipt.downtime !== null) downtime.observe(receipt.downtime / 1000);
    },
    answered: ({ method, route, status, elapsedMs }) =>
      requests.observe({ method, route, status: String(status) }, elapsedMs / 1000),
  };
}

/** Reasons are codes; anything that is not (a user's own words) would make a label value each. */
function reasonLabel(detail: CoreEvent['detail']): string {
  const reason = detail.reason ?? detail.kind ?? detail.refusal;
  if (reason === null || reason === undefined) return 'none';
  return typeof reason === 'string' && /^[a-z][a-z_]{0,39}$/.test(reason) ? reason : 'other';
}
