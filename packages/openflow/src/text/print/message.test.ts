import { describe, expect, it } from 'vitest';
import { decodeMessage } from '../../codec.ts';
import { of10, of13, of15 } from '../../index.ts';
import { versionOf } from '../../versions.ts';
import { formatMessage } from './message.ts';

function printed(hex: string): string {
  const { message, version, xid } = decodeMessage(Buffer.from(hex.replace(/\s/g, ''), 'hex'));
  return formatMessage(message, { version: versionOf(version) ?? '1.3', xid });
}

describe('a message as text', () => {
  it('names the message, the version and the transaction as ovs-ofctl does', () => {
    expect(printed('0412000800000007'.replace('0412', '0405'))).toBe(
      'OFPT_FEATURES_REQUEST (OF1.3) (xid=0x7):',
    );
    expect(printed('0112000800000007')).toBe('OFPT_BARRIER_REQUEST (xid=0x7):');
  });

  it('leaves out a transaction that nobody has told', () => {
    expect(formatMessage(of13.barrierRequest())).toBe('OFPT_BARRIER_REQUEST (OF1.3):');
  });

  it('writes an entry in the words of flows', () => {
    const flow = of13.flowMod({
      command: 0,
      priority: 100,
      match: {
        eth_type: 0x0800,
        ip_proto: 6,
        ipv4_dst: { value: '10.0.0.0', mask: '255.0.0.0' },
        tcp_dst: 80,
      },
      instructions: [
        of13.instruction.meter(7),
        of13.instruction.applyActions([of13.action.setField('ip_dscp', 43), of13.action.output({ port: 2 })]),
        of13.instruction.gotoTable(1),
      ],
    });
    expect(formatMessage(flow, { xid: 2 })).toBe(
      'OFPT_FLOW_MOD (OF1.3) (xid=0x2): ADD priority=100,tcp,nw_dst=10.0.0.0/8,tp_dst=80 actions=meter:7,set_field:43->ip_dscp,output:2,goto_table:1',
    );
  });

  it('calls multiparts as their version calls them', () => {
    expect(formatMessage(of10.descRequest(), { version: '1.0' })).toBe('OFPST_DESC request:');
    expect(formatMessage(of15.tableDescRequest(), { version: '1.5' })).toBe(
      'OFPST_TABLE_DESC request (OF1.5):',
    );
  });

  it('shows what it has no words for as numbers', () => {
    expect(formatMessage({ type: 'unknown', code: 99, body: new Uint8Array([1, 2]) })).toBe(
      'OFPT_UNKNOWN (OF1.3): type=99 0x0102',
    );
  });
});
