/**
 * Open vSwitch's own database: its tables, and the wait that makes a change count. A commit only means that the
 * database has the row; ovs-vswitchd carries it out afterwards and then sets `cur_cfg` to the `next_cfg` it saw.
 * This is what ovs-vsctl waits for (vswitch.xml, Open_vSwitch `next_cfg`).
 */
import { OvsdbClient } from './client.ts';
import type { OvsdbClientOptions } from './client-options.ts';
import { OvsdbError } from './error.ts';
import { OPEN_VSWITCH } from './generated/open-vswitch-tables.ts';
import { type Operation, operations, type Results } from './operation.ts';
import type { ColumnName, Row } from './schema.ts';

export type OpenVswitchDatabase = typeof OPEN_VSWITCH;
export type OpenVswitchTable = keyof OpenVswitchDatabase['tables'];
/** A row of one of its tables: `OpenVswitchRow<'Port', 'name' | 'qos'>`. */
export type OpenVswitchRow<
  N extends OpenVswitchTable,
  C extends ColumnName<OpenVswitchDatabase['tables'][N]> = ColumnName<OpenVswitchDatabase['tables'][N]>,
> = Row<OpenVswitchDatabase['tables'][N], C>;

/** ovs-vswitchd takes milliseconds for a queue and, with hundreds of ports to open, seconds. */
export const IN_FORCE_TIMEOUT_MS = 10_000;

/** Operations on Open vSwitch's tables. */
export const ovs = operations(OPEN_VSWITCH);

export interface OpenVswitch {
  readonly client: OvsdbClient<OpenVswitchDatabase>;
  /**
   * Commits and resolves with the results once ovs-vswitchd has carried it out. Rejects as `transact` does, with
   * `transaction_failed` when there is no Open_vSwitch row, and with `not_in_force` when the commit stands but is
   * not carried out within `timeoutMs` (counted from the commit).
   */
  transactAndWait<const Ops extends readonly Operation<unknown>[]>(
    ops: Ops,
    options?: { readonly timeoutMs?: number },
  ): Promise<Results<Ops>>;
  close(): void;
}

/** Connects and watches `cur_cfg`. */
export async function connectOpenVswitch(
  options: Omit<OvsdbClientOptions<OpenVswitchDatabase>, 'database'>,
): Promise<OpenVswitch> {
  const client = await OvsdbClient.connect({ ...options, database: OPEN_VSWITCH });
  try {
    return await openVswitch(client);
  } catch (error) {
    client.close();
    throw error;
  }
}

/** The same over a client that is already connected. */
export async function openVswitch(client: OvsdbClient<OpenVswitchDatabase>): Promise<OpenVswitch> {
  const view = await client.monitor({ Open_vSwitch: ['cur_cfg'] });
  const curCfg = () => [...view.table('Open_vSwitch').values()][0]?.cur_cfg ?? null;

  const inForce = async (nextCfg: number, timeoutMs: number) => {
    const reached = () => ((curCfg() ?? Number.NEGATIVE_INFINITY) >= nextCfg ? true : undefined);
    try {
      await view.until(reached, { timeoutMs });
    } catch (error) {
      if (!(error instanceof OvsdbError) || error.code !== 'condition_timed_out') throw error;
      throw new OvsdbError({ code: 'not_in_force', nextCfg, curCfg: curCfg(), afterMs: timeoutMs });
    }
  };

  return {
    client,
    async transactAndWait(ops, { timeoutMs = IN_FORCE_TIMEOUT_MS } = {}) {
      const results = await client.transact([...ops, ...COUNT_UP], { timeoutMs });
      const rows = results.at(-1) as readonly OpenVswitchRow<'Open_vSwitch', 'next_cfg'>[];
      await inForce(rows[0]?.next_cfg ?? 0, timeoutMs);
      // The operations of the caller come first, and a slice of a tuple loses its types.
      return results.slice(0, ops.length) as never;
    },
    close: () => client.close(),
  };
}

/** Without a row to count in, the change would never be confirmed; so it fails before it is made. */
const COUNT_UP = [
  ovs.wait('Open_vSwitch', [], { columns: ['next_cfg'], is: '!=', rows: [], timeoutMs: 0 }),
  ovs.mutate('Open_vSwitch', [], [['next_cfg', '+=', 1]]),
  ovs.select('Open_vSwitch', [], ['next_cfg']),
] as const;

/**
 * `other_config` of a linux-htb queue. Rates are whole bit/s: Open vSwitch reads "1.5e6" or "1000.5" as something
 * else without a word, so anything but a positive integer is refused here. `burst` is in bits.
 */
export function queueConfig(rates: {
  readonly rateMinBitsPerSec?: number;
  readonly rateMaxBitsPerSec?: number;
  readonly burstBits?: number;
  /** Smaller is served first when there is something to spare. */
  readonly priority?: number;
}): Readonly<Record<string, string>> {
  const entries = [
    ['min-rate', rates.rateMinBitsPerSec],
    ['max-rate', rates.rateMaxBitsPerSec],
    ['burst', rates.burstBits],
    ['priority', rates.priority],
  ] as const;
  return Object.fromEntries(
    entries.flatMap(([key, value]) => {
      if (value === undefined) return [];
      if (!Number.isSafeInteger(value) || value < (key === 'priority' ? 0 : 1))
        throw new RangeError(`${key} ${value} is not a positive integer`);
      return [[key, String(value)]];
    }),
  );
}
