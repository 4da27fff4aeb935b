/** What operators call the messages. */
import type { Version } from '../../versions.ts';

/** Requests and replies that are messages of their own, no multiparts. */
const NO_MULTIPARTS: ReadonlySet<string> = new Set([
  'echo',
  'features',
  'get_config',
  'barrier',
  'queue_get_config',
  'role',
  'get_async',
  'nx_role',
  'nx_tlv_table',
]);

/** In 1.5 the number of flow_stats is given to what older versions call so. */
const flowStatsName = (version: Version): string => (version === '1.5' ? 'FLOW_STATS' : 'FLOW');

/** `OFPT_FLOW_MOD`, `OFPST_FLOW request`, `NXT_PACKET_IN2`. */
export function messageName(type: string, version: Version): string {
  const [, stem = type, way = ''] = /^(.*)_(request|reply)$/.exec(type) ?? [];
  const isMultipart = way !== '' && !NO_MULTIPARTS.has(stem);
  if (!isMultipart) return `${prefixOf(type)}T_${bare(type).toUpperCase()}`;
  return `${prefixOf(type)}ST_${multipartName(bare(stem), version)} ${way}`;
}

const bare = (type: string): string => type.replace(/^(nx|onf)_/, '');

function prefixOf(type: string): string {
  if (type.startsWith('nx_')) return 'NX';
  return type.startsWith('onf_') ? 'ONF' : 'OFP';
}

function multipartName(stem: string, version: Version): string {
  switch (stem) {
    case 'flow_stats':
      return flowStatsName(version);
    case 'flow_desc':
      return 'FLOW';
    case 'experimenter_multipart':
      return 'EXPERIMENTER';
    default:
      return stem.replace(/_stats$/, '').toUpperCase();
  }
}
