/** Actions on fields and parts of them: set, load, move, push, pop, output to. ovs-actions(7). */
import { hexOrZero } from '../words/numbers.ts';
import type { AnyAction } from './types.ts';
import { fieldName, fieldValueText, subfieldText, wholeFieldName } from './value.ts';

/** Undefined for an action that is not about fields. */
export function formatFieldAction(action: AnyAction): string | undefined {
  switch (action.type) {
    case 'set_field':
    case 'nx_reg_load2': {
      const { mask } = action as { readonly mask?: unknown };
      // Field, value and mask belong together in the action, apart they are unions.
      return `set_field:${fieldValueText(action.field, action.value, mask as never)}->${fieldName(action.field)}`;
    }
    case 'nx_reg_load':
      return `load:${hexOrZero(action.value)}->${subfieldText(action.dst, action.range.offset, action.range.bits)}`;
    case 'nx_reg_move':
    case 'copy_field':
    case 'onf_copy_field':
      return `move:${subfieldText(action.src, action.srcOffset, action.bits)}->${subfieldText(action.dst, action.dstOffset, action.bits)}`;
    case 'nx_stack_push':
      return `push:${subfieldText(action.field, action.offset, action.bits)}`;
    case 'nx_stack_pop':
      return `pop:${subfieldText(action.field, action.offset, action.bits)}`;
    case 'nx_output_reg':
    case 'nx_output_reg2':
      return `output:${subfieldText(action.src, action.range.offset, action.range.bits)}`;
    case 'nx_delete_field':
      return `delete_field:${wholeFieldName(action.field)}`;
    case 'nx_check_pkt_larger':
      return `check_pkt_larger(${action.pktLen})->${subfieldText(action.dst, action.offset, 1)}`;
    case 'nx_set_tunnel':
      return `set_tunnel:${hexOrZero(action.tunnelId)}`;
    case 'nx_set_tunnel64':
      return `set_tunnel64:${hexOrZero(action.tunnelId)}`;
    case 'nx_write_metadata':
      return metadataText(action.metadata, action.mask);
    default:
      return undefined;
  }
}

const ALL_BITS = 0xffff_ffff_ffff_ffffn;

/** As an action and as an instruction. */
export const metadataText = (metadata: bigint, mask: bigint): string =>
  `write_metadata:${hexOrZero(metadata)}${mask === ALL_BITS ? '' : `/${hexOrZero(mask)}`}`;
