/** Watching entries change. ovs-ofctl(8), `monitor watch:`. */
import type { Version } from '../../versions.ts';
import { type BitNames, bitsText, bytesText, hex, hexOrZero } from '../words/numbers.ts';
import { groupText, isAnyPort, portText } from '../words/ports.ts';
import { flowRemovedReason } from '../words/reasons.ts';
import { actionsOf, spaced } from './flow.ts';
import { formatMatch } from './match.ts';
import type { Of } from './types.ts';

const FLAGS: BitNames = [
  [1, 'initial'],
  [2, 'add'],
  [4, 'delete'],
  [8, 'modify'],
  [16, 'actions'],
  [32, 'own'],
];
/** 1.4 and 1.5 number the last in another way, and have one more. */
const STANDARD_FLAGS: BitNames = [...FLAGS.slice(0, 5), [64, 'own'], [32, 'no_abbrev']];

type Request = Of<'flow_monitor_request' | 'nx_flow_monitor_request' | 'onf_flow_monitor_request'>;
type Monitor = Request['monitors'][number];

export function monitorRequestText(request: Request, version: Version): string {
  const monitors: readonly Monitor[] = request.monitors;
  return monitors.map((one) => `\n ${monitorText(one, version)}`).join('');
}

const ALL_TABLES = 0xff;
const ANY_GROUP = 0xffff_ffff;

function monitorText(monitor: Monitor, version: Version): string {
  return spaced([
    `id=${monitor.monitorId}`,
    `flags=${bitsText(monitor.flags, 'command' in monitor ? STANDARD_FLAGS : FLAGS, ',')}`,
    isAnyPort(monitor.outPort) ? '' : `out_port=${portText(monitor.outPort)}`,
    'outGroup' in monitor && monitor.outGroup !== ANY_GROUP ? `out_group=${groupText(monitor.outGroup)}` : '',
    monitor.tableId === ALL_TABLES ? '' : `table=${monitor.tableId}`,
    formatMatch(monitor.match, version),
  ]);
}

type Reply = Of<'flow_monitor_reply' | 'nx_flow_monitor_reply' | 'onf_flow_monitor_reply'>;
type Update = Reply['updates'][number];

export function monitorReplyText(reply: Reply, version: Version): string {
  const updates: readonly Update[] = reply.updates;
  return updates.map((update) => `\n event=${updateText(update, version)}`).join('');
}

function updateText(update: Update, version: Version): string {
  switch (update.type) {
    case 'abbrev':
      return `ABBREV xid=${hex(update.xid)}`;
    case 'paused':
    case 'resumed':
      return update.type.toUpperCase();
    case 'unknown':
      return `unknown(${update.code}) 0x${bytesText(update.data)}`;
    default: {
      const isEnd = update.type === 'deleted' || update.type === 'removed';
      const actions = actionsOf(update, version);
      return spaced([
        update.type === 'removed' ? 'DELETED' : update.type.toUpperCase(),
        isEnd ? `reason=${flowRemovedReason(update.reason)}` : '',
        `table=${update.tableId}`,
        update.idleTimeout === 0 ? '' : `idle_timeout=${update.idleTimeout}`,
        update.hardTimeout === 0 ? '' : `hard_timeout=${update.hardTimeout}`,
        `cookie=${hexOrZero(update.cookie)}`,
        formatMatch(update.match, version),
        actions === 'drop' ? '' : `actions=${actions}`,
      ]);
    }
  }
}
