/** A flow entry, or what a flow mod says of one, as `ovs-ofctl dump-flows` and `add-flow` write it. */
import type { Version } from '../../versions.ts';
import { FLOW_FLAGS } from '../words/flow-flags.ts';
import { bitsText, hex } from '../words/numbers.ts';
import { actionsOf, priorityAndMatch } from './flow.ts';
import { durationText } from './stats.ts';
import type { Of } from './types.ts';

export type FormattedFlow =
  | Of<'flow_mod' | 'nx_flow_mod'>
  | Of<'flow_stats_reply' | 'nx_flow_stats_reply' | 'flow_desc_reply'>['flows'][number];

/** 'cookie=0x1,table=0,priority=5,ip actions=output:1'; the priority is always told. */
export function formatFlow(flow: FormattedFlow, version: Version = '1.3'): string {
  const counters =
    'packetCount' in flow
      ? [
          `duration=${durationText(flow.durationSec, flow.durationNsec)}`,
          `n_packets=${flow.packetCount}`,
          `n_bytes=${flow.byteCount}`,
        ]
      : [];
  const { priority = 0 } = flow;
  const parts = [
    ...('cookie' in flow ? [`cookie=${hex(flow.cookie)}`] : []),
    ...counters,
    ...('tableId' in flow ? [`table=${flow.tableId}`] : []),
    ...('idleTimeout' in flow && flow.idleTimeout !== 0 ? [`idle_timeout=${flow.idleTimeout}`] : []),
    ...('hardTimeout' in flow && flow.hardTimeout !== 0 ? [`hard_timeout=${flow.hardTimeout}`] : []),
    ...('importance' in flow && flow.importance !== 0 ? [`importance=${flow.importance}`] : []),
    ...('flags' in flow && flow.flags !== 0 ? [bitsText(flow.flags, FLOW_FLAGS, ',')] : []),
    `priority=${priority}`,
    ...[priorityAndMatch(flow.match, version)].filter((match) => match !== ''),
  ];
  const actions =
    'match' in flow && ('actions' in flow || 'instructions' in flow) ? actionsOf(flow, version) : '';
  return actions === '' ? parts.join(',') : `${parts.join(',')} actions=${actions}`;
}
