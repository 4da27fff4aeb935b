/** What Open vSwitch refuses in a flow mod before it looks at its tables. */
import { OpenflowError } from '../errors.ts';
import type { Match } from '../generated/match-types.ts';
import {
  OFPBAC,
  OFPBIC,
  OFPBMC,
  OFPET,
  OFPFC,
  OFPFMFC,
  OFPG,
  OFPMMFC,
  OFPP,
  OFPTT,
} from '../generated/of13/constants.ts';
import type { Action, FlowMod } from '../generated/of13/index.ts';
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
  checkMatch(mod.match);
  // Instructions of a delete are not looked at.
  if (isDelete) return;
  for (const instruction of mod.instructions) {
    switch (instruction.type) {
      case 'goto_table':
        if (instruction.tableId <= mod.tableId || instruction.tableId >= known.nTables) {
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
}

function checkMatch(match: Match): void {
  if (Object.keys(match).some((name) => !isOxmName(name))) refuse(OFPET.BAD_MATCH, OFPBMC.BAD_FIELD);
  if (missingPrerequisite(match) !== undefined) refuse(OFPET.BAD_MATCH, OFPBMC.BAD_PREREQ);
  if (hasStrayBits(conditionsOf(match))) refuse(OFPET.BAD_MATCH, OFPBMC.BAD_WILDCARDS);
}

export function checkActions(actions: readonly Action[], match: Match, known: Known): void {
  for (const action of actions) {
    switch (action.type) {
      case 'output':
        if (action.port === OFPP.ANY) refuse(OFPET.BAD_ACTION, OFPBAC.BAD_OUT_PORT);
        if (action.port > OFPP.MAX && action.port < OFPP.IN_PORT)
          refuse(OFPET.BAD_ACTION, OFPBAC.BAD_OUT_PORT);
        break;
      case 'group':
        if (action.groupId > OFPG.MAX || !known.hasGroup(action.groupId)) {
          refuse(OFPET.BAD_ACTION, OFPBAC.BAD_OUT_GROUP);
        }
        break;
      case 'set_field':
        if (!isOxmName(action.field)) refuse(OFPET.BAD_ACTION, OFPBAC.BAD_SET_TYPE);
        else if (!hasPrerequisite(action.field, match)) refuse(OFPET.BAD_ACTION, OFPBAC.MATCH_INCONSISTENT);
        break;
      case 'unknown':
        refuse(OFPET.BAD_ACTION, OFPBAC.BAD_TYPE);
        break;
      case 'experimenter':
        refuse(OFPET.BAD_ACTION, OFPBAC.BAD_EXPERIMENTER);
        break;
      default:
        break;
    }
  }
}
