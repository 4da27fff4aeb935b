/**
 * What a server says about a database that it serves: table `Database` of `_Server` (ovsdb-server(5), Open vSwitch
 * 2.9). This is how a client of a cluster finds the leader, and leaves a member that is cut off from the others.
 */
import { type DatabaseUnavailable, OvsdbError } from './error.ts';
import type { Json } from './json.ts';
import type { RpcConnection } from './rpc.ts';
import { one, optional, type Uuid } from './schema.ts';
import { applyChanges, emptyTables, readUpdates, type Tables } from './table-state.ts';

export interface ServerStatus {
  /** `standalone`, `clustered` or `relay`. */
  readonly model: string;
  /** Of a database that stands alone: true, as is `isConnected`; of a relay: false. */
  readonly isLeader: boolean;
  readonly isConnected: boolean;
  /** The cluster and this member of it; null where there is none. */
  readonly clusterId: Uuid | null;
  readonly serverId: Uuid | null;
  /** How much of the cluster's log this member has; grows. Null where there is no cluster. */
  readonly index: bigint | null;
}

/** The part of `_Server` that we read. */
export const SERVER_DATABASE = {
  name: '_Server',
  tables: {
    Database: {
      name: one('string'),
      model: one('string'),
      connected: one('boolean'),
      leader: one('boolean'),
      schema: optional('string'),
      cid: optional('uuid'),
      sid: optional('uuid'),
      index: optional('bigint'),
    },
  },
} as const;

/** No view is called so. */
export const STATUS_MONITOR_ID = 'server-status';
const SELECTION = { Database: Object.keys(SERVER_DATABASE.tables.Database) };

/** False: the server is older than `_Server`; what it serves stands alone. */
export async function watchServerStatus(rpc: RpcConnection, reader: ServerStatusReader): Promise<boolean> {
  const tables = { Database: [{ columns: SELECTION.Database }] };
  try {
    await rpc.request('monitor_cond', ['_Server', STATUS_MONITOR_ID, tables], (json) => reader.update(json));
    return true;
  } catch (error) {
    if (error instanceof OvsdbError && error.code === 'request_refused') return false;
    throw error;
  }
}

/** The rows of one connection. */
export class ServerStatusReader {
  readonly #database: string;
  #tables: Tables = emptyTables(SELECTION);
  #status: ServerStatus | null = null;
  #schemaText: string | null = null;

  constructor(database: string) {
    this.#database = database;
  }

  /** Null while the server says nothing of the database: so it is for a moment after it has started. */
  get status(): ServerStatus | null {
    return this.#status;
  }

  /**
   * Null before the server has a schema. Only for comparison: after a conversion Open vSwitch 3.1 leaves the old text
   * here, while `get_schema` gives the new one.
   */
  get schemaText(): string | null {
    return this.#schemaText;
  }

  /** Throws `protocol_violation`. */
  update(json: Json): void {
    const changes = readUpdates(SERVER_DATABASE, SELECTION, this.#tables, 'update2', json);
    this.#tables = applyChanges(this.#tables, changes);
    const rows = [...(this.#tables.get('Database')?.values() ?? [])];
    const row = rows.find(({ name }) => name === this.#database);
    this.#schemaText = typeof row?.schema === 'string' ? row.schema : null;
    this.#status = row
      ? {
          model: String(row.model),
          isLeader: row.leader === true,
          isConnected: row.connected === true,
          clusterId: (row.cid ?? null) as Uuid | null,
          serverId: (row.sid ?? null) as Uuid | null,
          index: typeof row.index === 'bigint' ? row.index : null,
        }
      : null;
  }
}

/** How far the cluster has been seen to be; no member that is behind is used afterwards. */
export interface ClusterProgress {
  readonly clusterId: Uuid | null;
  readonly index: bigint | null;
}
export const NO_PROGRESS: ClusterProgress = { clusterId: null, index: null };

export function progressOf(
  { clusterId, index }: ServerStatus,
  { clusterId: known, index: before }: ClusterProgress,
): ClusterProgress {
  if (clusterId !== known || before === null || index === null) return { clusterId, index };
  return { clusterId, index: index > before ? index : before };
}

/** Why the server is of no use for the database now, or null. */
export function unfitness(
  status: ServerStatus,
  hasSchema: boolean,
  { leaderOnly, progress }: { readonly leaderOnly: boolean; readonly progress: ClusterProgress },
): DatabaseUnavailable | null {
  if (!status.isConnected || !hasSchema) return 'not_connected';
  // A relay is never the leader; it passes on what it is sent.
  if (leaderOnly && status.model === 'clustered' && !status.isLeader) return 'not_leader';
  const { clusterId, index } = status;
  const isBehind =
    clusterId !== null && clusterId === progress.clusterId && (index ?? 0n) < (progress.index ?? 0n);
  return isBehind ? 'stale' : null;
}
