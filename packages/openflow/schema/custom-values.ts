/** Random values of the hand-written codecs, by the name of the codec, where any value comes back as it was. */
import fc, { type Arbitrary } from 'fast-check';
import type { CustomValues } from './arbitrary.ts';
import { customActionValues } from './custom-action-values.ts';

const u16 = fc.nat(0xffff);
const u32 = fc.nat(0xffffffff);
const u64 = fc.bigInt(0n, 0xffffffffffffffffn);
const bytes = fc.uint8Array({ minLength: 1, maxLength: 9 });
const sized = (length: number): Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });
const some = (record: Record<string, Arbitrary<unknown>>) => fc.record(record, { requiredKeys: [] });

const match = some({ in_port: u32, metadata: u64 });
const monitor = { monitorId: u32, flags: u16, outPort: u32, tableId: fc.nat(0xff), match };

export const customValues: CustomValues = {
  type_ids: fc.array(
    fc.oneof(
      fc.record({ code: fc.nat(0xfffe), data: bytes }, { requiredKeys: ['code'] }),
      fc.record(
        { code: fc.constant(0xffff), experimenter: u32, data: bytes },
        { requiredKeys: ['code', 'experimenter'] },
      ),
    ),
    { maxLength: 5 },
  ),
  packet_types: fc.array(fc.record({ namespace: u16, nsType: u16 }), { maxLength: 4 }),
  port_counters: fc.array(fc.record({ name: fc.stringMatching(/^[a-z_0-9]{0,20}$/), value: u64 }), {
    maxLength: 4,
  }),
  meter_feature_flags: fc.oneof(fc.constant(undefined), u32),
  flow_monitors: fc.array(fc.record({ ...monitor, outGroup: u32, command: fc.nat(0xff) }), { maxLength: 3 }),
  nx_flow_monitors: fc.array(fc.record({ ...monitor, outPort: u16 }), { maxLength: 3 }),
  onf_flow_monitors: fc.array(fc.record(monitor), { maxLength: 3 }),
  nx_fields: match,
  ...customActionValues,
  uri: fc.stringMatching(/^[ -~]{0,20}$/),
  hash_fields: some({
    ipv4_src: sized(4),
    vlan_vid: sized(2),
    onf_tcp_flags: sized(2),
    '0x7ffe0203': sized(3),
  }),
};
