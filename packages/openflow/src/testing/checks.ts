/** What Open vSwitch refuses in a flow mod before it looks at its tables. */
import { OpenflowError } from '../errors.ts';
import type { Match } from '../generated/match-types.ts';
import {
  OFP_NO_BUFFER,
  OFPBAC,
  OFPBIC,
  OFPBMC,
  OFPBRC,
  OFPET,
  OFPFC,
  OFPFMFC,
  OFPG,
  OFPMMFC,
  OFPP,
  OFPTT,
} from '../generated/of13/constants.ts';
import type { Action, FlowMod, PacketOut } from '../generated/of13/index.ts';
import { isOxmName } from '../text/values.ts';
import { actionsOf } from './flow-table.ts';
import { conditionsOf, hasPrerequisite, hasStrayBits, missingPrerequisite } from './match-logic.ts';

export interface Known {
  readonly nTables: number;
  readonly hasMeter: (meterId: number) => boolean;
  readonly hasGroup: (groupId: number) => boolean;
}

const refuse = (ofType: number, ofCode: number): never => {
  throw new OpenflowError(ofType, ofCode);
};

export function checkFlowMod(mod: FlowMod, known: Known): void {
  const isDelete = mod.command === OFPFC.DELETE || mod.command === OFPFC.DELETE_STRICT;
  if (mod.tableId >= known.nTables && !(isDelete && mod.tableId === OFPTT.ALL)) {
    refuse(OFPET.FLOW_MOD_FAILED, OFPFMFC.BAD_TABLE_ID);
  }
  if (mod.flags > FLAGS_MAX) refuse(OFPET.FLOW_MOD_FAILED, OFPFMFC.BAD_FLAGS);
  checkMatch(mod.match);
  // Instructions of a delete are not looked at.
  if (isDelete) return;
  const kinds = mod.instructions.map(({ type }) => type);
  if (new Set(kinds).size < kinds.length) throw OpenflowError.named('OFPBIC_DUP_INST');
  for (const instruction of mod.instructions) {
    switch (instruction.type) {
      case 'goto_table':
        if (instruction.tableId <= mod.tableId || isBeyond(instruction.tableId, known)) {
          refuse(OFPET.BAD_INSTRUCTION, OFPBIC.BAD_TABLE_ID);
        }
        break;
      case 'meter':
        if (!known.hasMeter(instruction.meterId)) refuse(OFPET.METER_MOD_FAILED, OFPMMFC.INVALID_METER);
        break;
      case 'unknown':
        refuse(OFPET.BAD_INSTRUCTION, OFPBIC.UNKNOWN_INST);
        break;
      case 'experimenter':
        refuse(OFPET.BAD_INSTRUCTION, OFPBIC.BAD_EXPERIMENTER);
        break;
      default:
        break;
    }
  }
  checkActions(actionsOf(mod.instructions), mod.match, known);
  checkBuffer(mod.bufferId);
}

/** Open vSwitch takes any number when it has all of its tables. */
const isBeyond = (tableId: number, { nTables }: Known): boolean => nTables < TABLES_MAX && tableId >= nTables;
const TABLES_MAX = 254;

/** A switch without buffers knows none of them. */
const checkBuffer = (bufferId: number): void => {
  if (bufferId !== OFP_NO_BUFFER) refuse(OFPET.BAD_REQUEST, OFPBRC.BUFFER_UNKNOWN);
};

export function checkPacketOut({ bufferId, inPort, actions }: PacketOut, known: Known): void {
  checkBuffer(bufferId);
  const isSource = inPort <= OFPP.MAX || SOURCES.includes(inPort);
  if (!isSource) refuse(OFPET.BAD_REQUEST, OFPBRC.BAD_PORT);
  checkActions(actions, ANY_PACKET, known);
}

/** Where nothing is known of the packet: what asks for a header is taken. */
export const ANY_PACKET = undefined;

/** Reserved ports that a packet of the controller may come from. */
const SOURCES: readonly number[] = [
  OFPP.LOCAL,
  OFPP.CONTROLLER,
  OFPP.ANY,
  OFPP.TABLE,
  OFPP.NORMAL,
  OFPP.FLOOD,
];
/** OFPFF_* of 1.3, all of them. */
const FLAGS_MAX = 0x1f;

function checkMatch(match: Match): void {
  if (Object.keys(match).some((name) => !isOxmName(name))) refuse(OFPET.BAD_MATCH, OFPBMC.BAD_FIELD);
  if (missingPrerequisite(match) !== undefined) refuse(OFPET.BAD_MATCH, OFPBMC.BAD_PREREQ);
  if (hasStrayBits(conditionsOf(match))) refuse(OFPET.BAD_MATCH, OFPBMC.BAD_WILDCARDS);
}

/** What is known of a packet at an action: the match, and what the actions before have pushed and popped. */
interface Seen {
  match: Match | undefined;
}

export function checkActions(actions: readonly Action[], match: Seen['match'], known: Known): void {
  const seen: Seen = { match };
  for (const action of actions) checkAction(action, seen, known);
}

function checkAction(action: Action, seen: Seen, known: Known): void {
  switch (action.type) {
    case 'output':
      if (action.port === OFPP.ANY || (action.port > OFPP.MAX && action.port < OFPP.IN_PORT)) {
        refuse(OFPET.BAD_ACTION, OFPBAC.BAD_OUT_PORT);
      }
      return;
    case 'group':
      if (action.groupId > OFPG.MAX || !known.hasGroup(action.groupId)) {
        refuse(OFPET.BAD_ACTION, OFPBAC.BAD_OUT_GROUP);
      }
      return;
    case 'set_field':
      checkSetField(action.field, seen);
      return;
    case 'push_vlan':
      if (!VLAN_TYPES.includes(action.ethertype)) refuse(OFPET.BAD_ACTION, OFPBAC.BAD_ARGUMENT);
      if (seen.match !== undefined) seen.match = { ...seen.match, vlan_vid: OFPVID_PRESENT };
      return;
    case 'pop_vlan': {
      demand(seen, hasTag);
      const { vlan_vid: _vid, vlan_pcp: _pcp, ...rest } = seen.match ?? {};
      if (seen.match !== undefined) seen.match = rest;
      return;
    }
    case 'dec_nw_ttl':
    case 'set_nw_ttl':
      demand(seen, isIp);
      return;
    case 'unknown':
      refuse(OFPET.BAD_ACTION, OFPBAC.BAD_TYPE);
      return;
    case 'experimenter':
      refuse(OFPET.BAD_ACTION, OFPBAC.BAD_EXPERIMENTER);
      return;
    default:
  }
}

function checkSetField(field: string, seen: Seen): void {
  if (!isOxmName(field)) throw new OpenflowError(OFPET.BAD_ACTION, OFPBAC.BAD_SET_TYPE);
  if (NOT_SETTABLE.includes(field)) refuse(OFPET.BAD_ACTION, OFPBAC.BAD_SET_ARGUMENT);
  const isVlan = field === 'vlan_vid' || field === 'vlan_pcp';
  demand(seen, isVlan ? hasTag : (match) => hasPrerequisite(field, match));
}

/** An action needs a header that the match must promise. */
function demand({ match }: Seen, promises: (match: Match) => boolean): void {
  if (match !== undefined && !promises(match)) refuse(OFPET.BAD_ACTION, OFPBAC.MATCH_INCONSISTENT);
}

const OFPVID_PRESENT = 0x1000;
const VLAN_TYPES: readonly number[] = [0x8100, 0x88a8];
const NOT_SETTABLE: readonly string[] = ['eth_type', 'ip_proto'];

/** Whether every packet of a match has a VLAN tag. */
function hasTag({ vlan_vid: vlan }: Match): boolean {
  if (vlan === undefined) return false;
  return ((typeof vlan === 'number' ? vlan : vlan.value) & OFPVID_PRESENT) !== 0;
}

const isIp = ({ eth_type: type }: Match): boolean => type === 0x0800 || type === 0x86dd;
