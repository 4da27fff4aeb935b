/** Actions in the words of Open vSwitch. ovs-actions(7). */

import type { Version } from '../../versions.ts';
import { bytesText, hex } from '../words/numbers.ts';
import { isAnyPort, portText, reservedPort } from '../words/ports.ts';
import { formatFieldAction } from './actions-fields.ts';
import { formatNiciraAction } from './actions-nicira.ts';
import type { AnyAction } from './types.ts';

/** 'set_queue:1,output:2'; 'drop' when there are none. */
export function formatActions(actions: readonly AnyAction[], version: Version = '1.3'): string {
  return actions.length === 0 ? 'drop' : actionsText(actions, version);
}

/** The same, and '' when there are none. */
const actionsText = (actions: readonly AnyAction[], version: Version): string =>
  actions.map((action) => formatAction(action, version)).join(',');

function formatAction(action: AnyAction, version: Version): string {
  switch (action.type) {
    case 'output':
      return outputText(action.port, action.maxLen);
    case 'enqueue':
      return `enqueue:${portText(action.port)}:${action.queueId}`;
    case 'group':
    case 'nx_group':
      return `group:${action.groupId}`;
    case 'meter':
      return `meter:${action.meterId}`;
    case 'set_queue':
    case 'nx_set_queue':
      return `set_queue:${action.queueId}`;
    case 'set_vlan_vid':
      return `${vlanVerb(version)}_vid:${action.vlanVid}`;
    case 'set_vlan_pcp':
      return `${vlanVerb(version)}_pcp:${action.vlanPcp}`;
    case 'strip_vlan':
    case 'pop_vlan':
      return action.type;
    case 'push_vlan':
    case 'push_pbb':
      return `${action.type}:${hex(action.ethertype)}`;
    case 'push_mpls':
    case 'nx_push_mpls':
      return `push_mpls:${hex(action.ethertype, 4)}`;
    case 'pop_mpls':
    case 'nx_pop_mpls':
      return `pop_mpls:${hex(action.ethertype, 4)}`;
    case 'set_dl_src':
      return `mod_dl_src:${action.dlAddr}`;
    case 'set_dl_dst':
      return `mod_dl_dst:${action.dlAddr}`;
    case 'set_nw_src':
      return `mod_nw_src:${action.nwAddr}`;
    case 'set_nw_dst':
      return `mod_nw_dst:${action.nwAddr}`;
    case 'set_nw_tos':
      return `mod_nw_tos:${action.nwTos}`;
    case 'set_nw_ecn':
      return `mod_nw_ecn:${action.nwEcn}`;
    case 'set_tp_src':
      return `mod_tp_src:${action.tpPort}`;
    case 'set_tp_dst':
      return `mod_tp_dst:${action.tpPort}`;
    case 'set_nw_ttl':
      return `mod_nw_ttl:${action.ttl}`;
    case 'dec_nw_ttl':
    case 'nx_dec_ttl':
      return 'dec_ttl';
    case 'set_mpls_label':
    case 'nx_set_mpls_label':
      return `set_mpls_label(${action.mplsLabel})`;
    case 'set_mpls_tc':
    case 'nx_set_mpls_tc':
      return `set_mpls_tc(${action.mplsTc})`;
    case 'set_mpls_ttl':
    case 'nx_set_mpls_ttl':
      return `set_mpls_ttl(${action.ttl})`;
    case 'dec_mpls_ttl':
    case 'nx_dec_mpls_ttl':
      return 'dec_mpls_ttl';
    case 'copy_ttl_in':
    case 'copy_ttl_out':
    case 'pop_pbb':
      return action.type;
    case 'experimenter':
      return `experimenter(${hex(action.experimenter)},${bytesText(action.data)})`;
    case 'unknown':
      return `unknown(${action.code},${bytesText(action.data)})`;
    default:
      return (
        formatFieldAction(action) ?? formatNiciraAction(action, (nested) => actionsText(nested, version))
      );
  }
}

function outputText(port: number, maxLen: number): string {
  const name = reservedPort(port);
  if (name === 'CONTROLLER') return `CONTROLLER:${maxLen}`;
  if (name === undefined) return `output:${portText(port)}`;
  return isAnyPort(port) ? 'output:ANY' : name;
}

/** OpenFlow 1.0 adds a tag where there is none, later versions do not. */
const vlanVerb = (version: Version): string => (version === '1.0' ? 'mod_vlan' : 'set_vlan');
