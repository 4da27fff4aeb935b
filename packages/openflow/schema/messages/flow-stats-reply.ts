import { list, messages } from '../dsl.ts';
import { between, only } from '../versions.ts';

const fields = [list('flows', 'flow_stats')];

/**
 * OFPMP_FLOW reply (OFPMP_FLOW_STATS in 1.5): flow entries with counters.
 *
 *   ...        flows              each: flow_stats
 */
export const flowStatsReply = messages(
  {
    type: 'flow_stats_reply',
    doc: 'OFPMP_FLOW reply (OFPMP_FLOW_STATS in 1.5): flow entries with counters.',
  },
  [
    { versions: only('1.0'), section: '5.3.5', code: 17, multipart: 1, fields },
    { versions: between('1.1', '1.4'), section: 'A.3.5.2', code: 19, multipart: 1, fields },
    { versions: only('1.5'), section: '7.3.5', code: 19, multipart: 17, fields },
  ],
);
