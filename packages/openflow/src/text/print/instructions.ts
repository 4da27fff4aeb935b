/** Instructions as one list of actions, in the order in which a switch follows them. ovs-actions(7). */

import type { Version } from '../../versions.ts';
import { bytesText, hex } from '../words/numbers.ts';
import { formatActions } from './actions.ts';
import { metadataText } from './actions-fields.ts';
import { statsText } from './stats.ts';
import type { AnyInstruction } from './types.ts';

/** What a switch does first stands first. */
const ORDER: readonly AnyInstruction['type'][] = [
  'meter',
  'apply_actions',
  'clear_actions',
  'write_actions',
  'write_metadata',
  'stat_trigger',
  'experimenter',
  'unknown',
  'goto_table',
];

/** 'meter:7,set_queue:1,goto_table:1'; 'drop' when there are none. */
export function formatInstructions(
  instructions: readonly AnyInstruction[],
  version: Version = '1.3',
): string {
  const inOrder = ORDER.flatMap((type) => instructions.filter((one) => one.type === type));
  const texts = inOrder.map((one) => instructionText(one, version)).filter((text) => text !== '');
  return texts.length === 0 ? 'drop' : texts.join(',');
}

function instructionText(instruction: AnyInstruction, version: Version): string {
  switch (instruction.type) {
    case 'goto_table':
      return `goto_table:${instruction.tableId}`;
    case 'meter':
      return `meter:${instruction.meterId}`;
    case 'write_metadata':
      return metadataText(instruction.metadata, instruction.mask);
    case 'apply_actions':
      return instruction.actions.length === 0 ? '' : formatActions(instruction.actions, version);
    case 'write_actions':
      return `write_actions(${formatActions(instruction.actions, version)})`;
    case 'clear_actions':
      return 'clear_actions';
    case 'stat_trigger':
      return `stat_trigger(flags=${hex(instruction.flags)},${statsText(instruction.thresholds).join(',')})`;
    case 'experimenter':
      return `experimenter(${hex(instruction.experimenter)},${bytesText(instruction.data)})`;
    case 'unknown':
      return `unknown(${instruction.code},${bytesText(instruction.data)})`;
  }
}
