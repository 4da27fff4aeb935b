import { pad, struct, u8, u16 } from '../dsl.ts';
import { VERSIONS } from '../versions.ts';

/**
 * One option of a tunnel and the field it fills (nx_tlv_map).
 *
 *   u16        optionClass
 *   u8         optionType
 *   u8         optionLen          bytes, a multiple of 4
 *   u16        index              n of tun_metadata<n>
 *   u8[2]      pad
 */
export const nxTlvMap = struct({
  versions: VERSIONS,
  name: 'nx_tlv_map',
  section: 'nicira-ext.h',
  doc: 'One option of a tunnel and the field it fills (nx_tlv_map).',
  fields: [
    u16('optionClass'),
    u8('optionType'),
    u8('optionLen', 'bytes, a multiple of 4'),
    u16('index', 'n of tun_metadata<n>'),
    pad(2),
  ],
});
