/**
 * An MPLS label stack (RFC 3032 2.1), one layer for the whole stack, the outermost label first.
 *
 *   each: u20 label  u3 trafficClass  u1 bottom of stack  u8 ttl
 */
import { fits } from '../runtime/oxm-numbers.ts';
import { EncodeError } from '../runtime/protocol-error.ts';
import type { Cursor } from './cursor.ts';
import { afterLabels } from './dispatch.ts';
import { PacketError } from './packet-error.ts';
import type { PacketWriter } from './packet-writer.ts';

export interface Mpls {
  readonly type: 'mpls';
  /** At least one. */
  readonly labels: readonly MplsLabel[];
}

export interface MplsLabel {
  /** 20 bits. */
  readonly label: number;
  /** 0 to 7. */
  readonly trafficClass: number;
  readonly ttl: number;
}

export const MPLS_LABELS_MAX = 32;
const LABEL_BYTES = 4;
const BOTTOM = 0x100;

export function decodeMpls(cursor: Cursor): Mpls {
  const labels: MplsLabel[] = [];
  for (let at = cursor.at; labels.length < MPLS_LABELS_MAX; at += LABEL_BYTES) {
    cursor.need(at, LABEL_BYTES, 'mpls');
    const word = cursor.view.getUint32(at);
    labels.push({ label: word >>> 12, trafficClass: (word >>> 9) & 7, ttl: word & 255 });
    if ((word & BOTTOM) !== 0) {
      const [next, { end }] = [at + LABEL_BYTES, cursor];
      cursor.leave(next, end, afterLabels(cursor, next, end));
      return { type: 'mpls', labels };
    }
  }
  throw new PacketError('mpls', `more than ${MPLS_LABELS_MAX} labels`, cursor.at);
}

export function encodeMpls({ labels }: Mpls, out: PacketWriter): void {
  if (labels.length === 0 || labels.length > MPLS_LABELS_MAX) {
    throw new EncodeError(`mpls: ${labels.length} labels, must be 1 to ${MPLS_LABELS_MAX}`);
  }
  const start = out.prepend(labels.length * LABEL_BYTES);
  labels.forEach(({ label, trafficClass, ttl }, index) => {
    const bottom = index === labels.length - 1 ? BOTTOM : 0;
    const low = (fits(trafficClass, 7, 'traffic class') << 9) | bottom | fits(ttl, 255, 'ttl');
    out.view.setUint32(start + index * LABEL_BYTES, fits(label, 0xfffff, 'label') * 4096 + low);
  });
}
