import { type Field, list, match, pad, u8, u16, u32, u64, union } from '../dsl.ts';
import { from } from '../versions.ts';

/** A flow entry as it is now, or was when it went (ofp_flow_update_full). */
const full: readonly Field[] = [
  u8('tableId'),
  u8('reason', 'OFPRR_* of removed', 0),
  u16('idleTimeout', 'seconds', 0),
  u16('hardTimeout', 'seconds', 0),
  u16('priority'),
  pad(4),
  u64('cookie', '', 0n),
  match(),
  list('instructions', 'instruction'),
];

/** Updates of a flow monitor (ofp_flow_update_header): u16 length, u16 event (the length first), body. */
export const flowUpdates = union({
  versions: from('1.4'),
  name: 'flow_update',
  section: '7.3.5.17',
  doc: 'What a flow monitor tells.',
  header: 'length_type',
  align: 8,
  lengthIncludesPadding: true,
  minimum: 8,
  badLength: [1, 6],
  members: [
    { type: 'initial', code: 0, doc: 'An entry that was there when the monitor began.', fields: full },
    { type: 'added', code: 1, doc: 'An entry was added.', fields: full },
    { type: 'removed', code: 2, doc: 'An entry was removed.', fields: full },
    { type: 'modified', code: 3, doc: 'The instructions of an entry changed.', fields: full },
    {
      type: 'abbrev',
      code: 4,
      doc: "What the receiver's own flow_mod did.",
      fields: [u32('xid', 'of the flow_mod')],
    },
    { type: 'paused', code: 5, doc: 'Updates are held back, the connection is too slow.', fields: [pad(4)] },
    { type: 'resumed', code: 6, doc: 'Updates go on; what was missed stands before.', fields: [pad(4)] },
  ],
});
