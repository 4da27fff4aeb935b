import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../protocol-error.ts';
import { Writer } from '../writer.ts';
import { decodeFlowMonitors, encodeFlowMonitors, type FlowMonitor } from './flow-monitors.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const decode = (data: Uint8Array): readonly FlowMonitor[] =>
  decodeFlowMonitors(new DataView(data.buffer, data.byteOffset), 0, data.length);
const TWO = bytes(
  `00000001 ffffffff ffffffff 005f ff 00 0001 0004 00000000
   00000002 00000003 00000005 0006 02 01 0001 000c 80000004 00000009 00000000`.replaceAll('\n', ' '),
);
const MONITORS: readonly FlowMonitor[] = [
  {
    monitorId: 1,
    outPort: 0xffffffff,
    outGroup: 0xffffffff,
    flags: 0x5f,
    tableId: 255,
    command: 0,
    match: {},
  },
  { monitorId: 2, outPort: 3, outGroup: 5, flags: 6, tableId: 2, command: 1, match: { in_port: 9 } },
];

describe('the monitors of a flow_monitor_request', () => {
  it('end where their matches end', () => {
    expect(decode(TWO)).toEqual(MONITORS);
    const writer = new Writer();
    encodeFlowMonitors(writer, MONITORS);
    expect(writer.take()).toEqual(TWO);
  });

  it('are refused wherever they are cut off', () => {
    for (let size = 1; size < TWO.length; size++) {
      if (size === 24) continue;
      expect(() => decode(TWO.slice(0, size)), `${size} bytes`).toThrow(ProtocolError);
    }
  });

  it('name the one that is malformed', () => {
    const broken = TWO.slice();
    broken[24 + 17] = 7;
    expect(() => decode(broken)).toThrow(/monitors\[1\]\.match/);
  });
});
