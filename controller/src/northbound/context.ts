/** What the routes may know of the controller: they read, ask and abort, nothing else. */
import type { Config } from '../config.ts';
import type { EventLog } from '../event-log.ts';
import type { MigrationBook } from '../migration-book.ts';
import type { Runtime } from '../runtime.ts';
import type { Network } from '../southbound/interfaces.ts';
import type { Store } from '../store/index.ts';
import type { Log } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';

export interface NorthboundContext {
  readonly http: Config['http'];
  readonly runtime: Pick<
    Runtime,
    'state' | 'phase' | 'request' | 'quote' | 'changesFor' | 'commit' | 'abort' | 'queueLength'
  >;
  readonly network: Pick<Network, 'status'>;
  readonly store: Store;
  readonly book: MigrationBook;
  readonly events: EventLog;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly epoch: number;
  /** Records that wait for the store. */
  readonly unwritten: () => number;
  /** Agents' reports that went no further, by reason. */
  readonly reportsDropped: () => Readonly<Record<string, number>>;
}
