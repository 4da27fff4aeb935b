/** Any message of any version as operators read it. ovs-ofctl(8), `ofp-print`. */
import { type Version, versionOf } from '../../versions.ts';
import { messageName } from '../words/message-names.ts';
import { hex } from '../words/numbers.ts';
import { bodyText } from './body.ts';
import type { AnyMessage } from './types.ts';

export interface FormatOptions {
  /** Of the connection; 1.3 unless told. */
  readonly version?: Version;
  /** The transaction id, which a message does not carry. */
  readonly xid?: number;
}

/** 'OFPT_FLOW_MOD (OF1.3) (xid=0x2): ADD priority=1,ip actions=output:1'; several lines for what has many parts. */
export function formatMessage(message: AnyMessage, options: FormatOptions = {}): string {
  const { version = '1.3', xid } = options;
  const name = messageName(message.type, version);
  const header = [
    name,
    ...(version === '1.0' ? [] : [`(OF${version})`]),
    ...(xid === undefined ? [] : [`(xid=${hex(xid)})`]),
  ].join(' ');
  const body = bodyText(message, version, (inner, wire, innerXid) =>
    formatMessage(inner, { version: versionOf(wire) ?? '1.3', xid: innerXid }),
  );
  const flags = flagsText(message);
  const gap = body === '' || body.startsWith('\n') ? '' : ' ';
  return `${header}:${flags}${gap}${body}`;
}

const MORE = 1;

/** A reply in several parts says so until the last. */
function flagsText(message: AnyMessage): string {
  const isReply = message.type.endsWith('_reply') && 'flags' in message;
  return isReply && message.type !== 'get_config_reply' && message.flags === MORE ? ' flags=[more]' : '';
}
