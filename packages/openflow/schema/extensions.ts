/** Words for messages that Nicira (Open vSwitch) and the ONF added: who defined them stands in one place. */
import { type Field, type MessageSchema, message, messages, NICIRA, ONF, pad } from './dsl.ts';
import { VERSIONS, type Version } from './versions.ts';

const EXPERIMENTER = 4;
const EXPERIMENTER_MULTIPART = 0xffff;
/** Where nicira-ext.h and ovs-fields(7) are the specification. */
const NICIRA_SECTION = 'nicira-ext.h';

export interface Extension {
  readonly type: string;
  readonly doc: string;
  readonly subtype: number;
  readonly versions?: readonly Version[];
  readonly reply?: string;
  readonly fields: readonly Field[];
}

/** A message of Nicira (NXT_*), subtype after the vendor. */
export const nicira = ({ subtype, versions = VERSIONS, ...rest }: Extension): MessageSchema =>
  message({
    ...rest,
    versions,
    section: NICIRA_SECTION,
    code: EXPERIMENTER,
    experimenter: { id: NICIRA, subtype },
  });

/** A message of the ONF (ONFT_*), extensions to 1.3. */
export const onf = ({ subtype, versions = ['1.3'], ...rest }: Extension): MessageSchema =>
  message({
    ...rest,
    versions,
    section: `EXT-${Math.floor(subtype / 10)}`,
    code: EXPERIMENTER,
    experimenter: { id: ONF, subtype },
  });

/** Multiparts of Nicira (NXST_*). In 1.0 four bytes of padding follow the subtype. */
export function niciraMultipart(
  side: 'request' | 'reply',
  { type, doc, reply, subtype, versions = VERSIONS, fields }: Extension,
): readonly MessageSchema[] {
  const newer = versions.filter((version) => version !== '1.0');
  const [old, code] = side === 'request' ? [16, 18] : [17, 19];
  const common = {
    section: NICIRA_SECTION,
    multipart: EXPERIMENTER_MULTIPART,
    experimenter: { id: NICIRA, subtype },
  };
  return messages({ type, doc, ...(reply === undefined ? {} : { reply }) }, [
    ...(versions.includes('1.0')
      ? [{ ...common, versions: ['1.0'] as const, code: old, fields: [pad(4), ...fields] }]
      : []),
    ...(newer.length === 0 ? [] : [{ ...common, versions: newer, code, fields }]),
  ]);
}

/** A multipart of the ONF for 1.3 (ONFST_*). */
export const onfMultipart = (
  side: 'request' | 'reply',
  { subtype, versions = ['1.3'], ...rest }: Extension,
): MessageSchema =>
  message({
    ...rest,
    versions,
    section: `EXT-${Math.floor(subtype / 10)}`,
    code: side === 'request' ? 18 : 19,
    multipart: EXPERIMENTER_MULTIPART,
    experimenter: { id: ONF, subtype },
  });
