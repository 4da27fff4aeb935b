/** What tables count and what they can. ovs-ofctl(8), `dump-tables` and `dump-table-features`. */
import type { Version } from '../../versions.ts';
import { genericText } from './generic.ts';
import type { Of } from './types.ts';

export function tableStatsText({ tables }: Of<'table_stats_reply'>, _version: Version): string {
  return tables
    .map(
      (table) =>
        `\n  table ${table.tableId}:\n    active=${table.activeCount}, lookup=${table.lookupCount}, matched=${table.matchedCount}\n`,
    )
    .join('');
}

export function tableFeaturesText(
  { tables }: Of<'table_features_reply' | 'table_features_request'>,
  _version: Version,
): string {
  return tables.map((table) => `\n  table ${table.tableId}: ${genericText(table)}`).join('');
}
