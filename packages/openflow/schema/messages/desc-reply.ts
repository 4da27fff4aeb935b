import { messages, text } from '../dsl.ts';
import { from, only } from '../versions.ts';

const fields = [
  text('manufacturer', 256),
  text('hardware', 256),
  text('software', 256),
  text('serialNumber', 32),
  text('datapath', 256),
];

/**
 * OFPMP_DESC reply: makers and serial number.
 *
 *   char[256]  manufacturer
 *   char[256]  hardware
 *   char[256]  software
 *   char[32]   serialNumber
 *   char[256]  datapath
 */
export const descReply = messages(
  { type: 'desc_reply', doc: 'OFPMP_DESC reply: makers and serial number.' },
  [
    { versions: only('1.0'), section: '5.3.5', code: 17, multipart: 0, fields },
    { versions: from('1.1'), section: 'A.3.5.1', code: 19, multipart: 0, fields },
  ],
);
