import { message, text } from '../dsl.ts';

/**
 * OFPMP_DESC reply: makers and serial number.
 *
 *   char[256]  manufacturer
 *   char[256]  hardware
 *   char[256]  software
 *   char[32]   serialNumber
 *   char[256]  datapath
 */
export const descReply = message({
  type: 'desc_reply',
  section: 'A.3.5.1',
  doc: 'OFPMP_DESC reply: makers and serial number.',
  code: 19,
  multipart: 0,
  fields: [
    text('manufacturer', 256),
    text('hardware', 256),
    text('software', 256),
    text('serialNumber', 32),
    text('datapath', 256),
  ],
});
