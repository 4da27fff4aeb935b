/** Messages that are wrong in one place, as bytes by hand: type and body for each version that can say them. */
import type { WireVersion } from './ovs-ofctl.ts';

export interface Malformed {
  readonly name: string;
  readonly type: number;
  /** Hexadecimal. */
  readonly body: string;
}

type Body = string | ((version: WireVersion) => string);

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
const sizeOf = (text: string): number => text.replace(/\s+/g, '').length / 2;
const zeros = (size: number): string => '00'.repeat(size);
const padded = (text: string, align = 8): string => text + zeros((align - (sizeOf(text) % align)) % align);

/** ofp_match of these OXM fields; Open vSwitch takes it in 1.1 too. */
const match = (fields = '', length = 4 + sizeOf(fields)): string => padded(`0001${hex(length, 4)}${fields}`);
const instruction = (type: number, rest: string, length = 4 + sizeOf(rest)): string =>
  `${hex(type, 4)}${hex(length, 4)}${rest}`;
const apply = (actions: string): string => instruction(4, `00000000${actions}`);

/** A flow mod to add, from 1.1 on. */
const flowOf = (matchBytes: string, instructions: string): string =>
  `${zeros(18)}0000${zeros(2)}8000ffffffffffffffffffffffff00000000${matchBytes}${instructions}`;
const flow10 = (actions: string): string =>
  `003fffff${zeros(36)}${zeros(8)}0000 0000 0000 8000 ffffffff ffff 0000 ${actions}`;

const multipartOf = (version: WireVersion, kind: number, rest: string): string =>
  `${hex(kind, 4)}0000${version === 1 ? '' : '00000000'}${rest}`;

export function malformed(version: WireVersion): readonly Malformed[] {
  const all: Malformed[] = [];
  const add = (name: string, type: number, body: Body): void => {
    all.push({ name, type, body: typeof body === 'string' ? body : body(version) });
  };
  const multipartType = version === 1 ? 16 : 18;
  const multipart = (name: string, kind: number, rest: string) =>
    add(name, multipartType, multipartOf(version, kind, rest));
  const barrier = version === 1 ? 18 : 20;

  add('an unknown type', 99, '');
  add('a barrier with 4 bytes', barrier, '00000000');
  add('a features request with 8 bytes', 5, zeros(8));
  add('a get_config request with 2 bytes', 7, '0000');
  add('half a set_config', 9, '0000');
  add('a set_config with 4 bytes more', 9, zeros(8));
  add('a flow mod of its header alone', 14, '');
  add('half a flow mod', 14, zeros(24));
  add('half a packet out', 13, zeros(4));
  add('half a port mod', version === 1 ? 15 : 16, zeros(16));
  add('an experimenter of 2 bytes', 4, '0000');
  add('an experimenter that does not exist', 4, '00abcdef 00000001');
  add('a Nicira message that does not exist', 4, '00002320 000003e7');
  add('a Nicira message cut before its type', 4, '00002320 0000');
  add('a Nicira role request cut', 4, '00002320 0000000a 0000');
  add('a Nicira set_flow_format cut', 4, '00002320 0000000c');
  add('a Nicira packet-in format too long', 4, '00002320 00000010 00000000 00000000');
  add('a Nicira flow age with more', 4, '00002320 00000012 00000000');
  add('a Nicira TLV table mod cut', 4, '00002320 00000018 0000');
  add('a Nicira TLV table mod with half a map', 4, '00002320 00000018 0000 000000000000 ffff0104');

  add('half a multipart', multipartType, '0000');
  multipart('a multipart that does not exist', 0x1234, '');
  multipart('a multipart of an unknown experimenter', 0xffff, '00abcdef 00000001');
  multipart('a multipart of half an experimenter', 0xffff, '00ab');
  multipart('a description request with more', 0, zeros(8));
  multipart('half a flow stats request', 1, zeros(8));
  multipart('half an aggregate request', 2, zeros(8));
  multipart('a table stats request with more', 3, zeros(8));
  multipart('half a port stats request', 4, '0001');
  multipart('half a queue stats request', 5, '0001');
  if (version >= 2) multipart('half a group stats request', 6, '0001');
  if (version >= 2) multipart('a group description with more', 7, version === 6 ? zeros(4) : zeros(8));
  if (version >= 4) multipart('half a meter stats request', 9, '0001');
  if (version >= 4) multipart('half a meter config request', 10, '0001');
  if (version >= 4) multipart('a meter features request with more', 11, zeros(8));
  if (version >= 4) multipart('a table features entry cut', 12, '0040 0000');
  if (version >= 4) multipart('a table features entry of length 0', 12, `0000 ${zeros(62)}`);
  if (version >= 4)
    multipart('a table features property past its entry', 12, `0048 00 ${zeros(61)} 0000 0020 00000000`);
  if (version >= 4)
    multipart(
      'a table features property shorter than its header',
      12,
      `0048 00 ${zeros(61)} 0000 0003 00000000`,
    );

  const actions = (name: string, bytes: string, isFor = true) => {
    if (!isFor) return;
    add(`actions: ${name}`, 14, version === 1 ? flow10(bytes) : flowOf(match(), apply(bytes)));
  };
  const isOld = version <= 2;
  actions('of length 0', '0000 0000 00000000');
  actions('of length 4', '0000 0004 00000000');
  actions('of length 12', `0000 000c ${zeros(12)}`);
  actions('past the end', '0000 0018 00000000 00000000 00000000');
  actions('cut in the header', '0000');
  actions('an unknown type', '00fe 0008 00000000');
  actions('an output that is too long', `0000 0018 ${zeros(20)}`);
  actions('an output that is too short', '0000 0008 00000001', version > 1);
  actions('set_queue that is too long', `${version === 1 ? '000b' : '0015'} 0018 ${zeros(20)}`);
  actions('a VLAN id that is too long', `0001 0010 ${zeros(12)}`, isOld);
  actions('set_nw_ttl that is too long', `0017 0010 ${zeros(12)}`, version > 1);
  actions('push_vlan that is too long', `0011 0010 8100 ${zeros(10)}`, version > 1);
  actions('group that is too long', `0016 0010 ${zeros(12)}`, version > 1);
  actions('dec_nw_ttl that is too long', `0018 0010 ${zeros(12)}`, version > 1);
  actions('an unknown experimenter', 'ffff 0010 00abcdef 00000000 00000000');
  actions('an experimenter without its id', 'ffff 0008 00000000');
  actions('Nicira without a subtype', 'ffff 0008 00002320');
  actions('an unknown Nicira subtype', 'ffff 0010 00002320 00fd 000000000000');
  actions('a Nicira resubmit that is too long', `ffff 0018 00002320 0001 0001 ${zeros(12)}`);
  actions('a Nicira load that is too short', 'ffff 0010 00002320 0007 0000 00000000');
  actions('a Nicira load into an unknown field', `ffff 0018 00002320 0007 001f fff00004 ${zeros(8)}`);
  actions('a Nicira move that is too short', 'ffff 0010 00002320 0006 0000 00000000');
  actions('a Nicira learn that is cut', 'ffff 0010 00002320 0010 0000 00000000');
  actions('a Nicira bundle that is cut', 'ffff 0010 00002320 000c 0000 00000000');
  actions('a Nicira conntrack that is too short', 'ffff 0010 00002320 0023 0000 00000000');
  actions('Nicira dec_ttl ids that are not there', `ffff 0010 00002320 0015 0005 00000000`);
  actions('a Nicira sample that is too short', 'ffff 0010 00002320 001d 0000 00000000');
  actions('a Nicira nat range with unknown bits', `ffff 0010 00002320 0024 0000 0000 ff00`);
  actions(
    'a Nicira resubmit to a table with a byte that must be zero',
    'ffff 0010 00002320 000e fff8 01 000001',
  );
  actions(
    'Nicira dec_ttl ids with a byte that must be zero',
    `ffff 0018 00002320 0015 0001 00000001 0001 ${zeros(6)}`,
  );
  actions(
    'a Nicira output_reg with a byte that must be zero',
    `ffff 0018 00002320 000f 001f 00010004 ffff ${zeros(5)}01`,
  );
  actions('a Nicira controller2 with a byte that must be zero', 'ffff 0010 00002320 0025 000000000001');
  actions(
    'a Nicira stack_push with a byte that must be zero',
    `ffff 0018 00002320 001b 0000 00010004 0010 ${zeros(5)}01`,
  );
  actions(
    'a Nicira bundle with a byte that must be zero',
    `ffff 0020 00002320 000c 0000 0000 0000 00000002 0000 ${zeros(9)}01`,
  );
  const setField = (field: string) => {
    const length = Math.ceil((4 + sizeOf(field)) / 8) * 8;
    return padded(`0019${hex(length, 4)}${field}`);
  };
  actions('set_field of an unknown field', setField('8000fe04 00000000'), version > 2);
  actions('set_field with another length', setField('80000803 0000'), version > 2);
  actions('set_field past its end', '0019 0010 80000620 0000 000000000000', version > 2);
  actions('set_field that is too short', '0019 0008 80000606', version > 2);
  actions('set_field with padding that is not zero', `0019 0010 80000606 aabbccddeeff 0001`, version > 2);
  actions('set_field without a field', '0019 0008 00000000', version > 2);
  actions('set_field with a mask that it cannot have', setField('80000108 00000001 ffffffff'), version > 2);
  actions('set_field of an unknown class', setField('12340004 00000000'), version > 2);
  actions('set_field of an unknown experimenter', setField('ffff0008 00abcdef 00000000'), version > 2);
  actions('set_field of a VLAN above its bits', setField('80000c02 ffff'), version > 2);
  actions('copy_field that is too short', '001c 0008 00000000', version === 6);
  actions('meter that is too long', `001d 0010 ${zeros(12)}`, version === 6);

  if (version >= 2) {
    const instructions = (name: string, bytes: string) =>
      add(`instructions: ${name}`, 14, flowOf(match(), bytes));
    instructions('of length 0', '0001 0000 00000000');
    instructions('of length 12', `0001 000c ${zeros(8)}`);
    instructions('past the end', '0004 0018 00000000');
    instructions('an unknown type', '0063 0008 00000000');
    instructions('goto_table that is too long', `0001 0010 01 ${zeros(11)}`);
    instructions('write_metadata that is too short', '0002 0008 00000000');
    instructions('clear_actions that is too long', `0005 0010 ${zeros(12)}`);
    instructions('an unknown experimenter', 'ffff 0010 00abcdef 00000000 00000000');
    instructions('an experimenter without its id', 'ffff 0004 00000000');
    if (version >= 4 && version < 6) instructions('meter that is too long', `0006 0010 ${zeros(12)}`);

    const matches = (name: string, bytes: string) => add(`match: ${name}`, 14, flowOf(bytes, ''));
    matches('of an unknown type', '0002 0004 00000000');
    matches('of length 3', '0001 0003 00000000');
    matches('past the end', '0001 0040 00000000');
    matches('cut', '0001');
    matches('a field past the match', match('80000006 0000'));
    matches('a field cut in its header', match('8000'));
    matches('the same field twice', match('80000a02 0800 80000a02 0800'));
    matches('an unknown basic field', match('8000fe04 00000000'));
    matches('a field of an unknown class', match('12340004 00000000'));
    matches('a field of an unknown experimenter', match('ffff0008 00abcdef 00000000'));
    matches('an experimenter without its id', match('ffff0002 0000'));
    matches('a known field of another length', match('80000a01 08'));
    matches('a field with a mask that it cannot have', match('80000b04 0800 ff00'));
    matches('a field with a mask of ones that it cannot have', match('80000b04 0800 ffff'));
    matches('an unknown field with a mask', match('8000ff04 0000 0000'));
    matches('a VLAN id above its bits', match('80000c02 ffff'));
    matches('a VLAN priority above its bits', match('80000c02 1001 80000e01 09'));
    matches('an IP DSCP above its bits', match('80000a02 0800 80001001 40'));

    const group = (name: string, buckets: string) =>
      add(
        `group: ${name}`,
        15,
        `0000 00 00 00000001 ${version === 6 ? `${hex(sizeOf(buckets), 4)} 0000 ffffff00 ` : ''}${buckets}`,
      );
    const bucket = (length: number, bytes: string) =>
      version === 6
        ? `${hex(length, 4)} ${hex(sizeOf(bytes), 4)} 00000001 ${bytes}`
        : `${hex(length, 4)} 0000 ffffffff ffffffff 00000000 ${bytes}`;
    const head = version === 6 ? 8 : 16;
    add('half a group mod', 15, '0000 0000');
    group('a bucket of length 0', bucket(0, ''));
    group('a bucket of length 4', bucket(4, ''));
    group('a bucket past the end', bucket(64, ''));
    group('a bucket with an action past its end', bucket(head + 8, '0000 0010 00000001'));
    group('a bucket with an unknown action', bucket(head + 8, '00fe 0008 00000000'));
    if (version === 6) group('a bucket property past its end', `0010 0000 00000001 0000 0010 00000000`);
    if (version === 6) group('an unknown bucket property', `0010 0000 00000001 0063 0008 00000000`);
    if (version === 6) add('group: buckets past the end', 15, '0000 00 00 00000001 0040 0000 ffffff00');
  }
  add(
    'packet out: actions past the end',
    13,
    version === 1
      ? 'ffffffff ffff 0040 00000008 00010000'
      : version === 6
        ? `ffffffff 0040 0000 ${match('80000004 fffffffd')}`
        : 'ffffffff fffffffd 0040 000000000000',
  );
  add(
    'packet out: an action of length 4',
    13,
    version === 1
      ? 'ffffffff ffff 0008 0000 0004 00000000'
      : version === 6
        ? `ffffffff 0008 0000 ${match('80000004 fffffffd')} 0000 0004 00000000`
        : 'ffffffff fffffffd 0008 000000000000 0000 0004 00000000',
  );
  if (version === 6) add('packet out: a match cut', 13, 'ffffffff 0000 0000 0001 0040');

  if (version >= 3) add('half a role request', 24, zeros(8));
  if (version >= 4) {
    const meter = (name: string, bands: string) => add(`meter: ${name}`, 29, `0000 0001 00000001 ${bands}`);
    add('half a meter mod', 29, '0000');
    meter('a band of length 0', '0001 0000 00000000 00000000 00000000');
    meter('a band of length 12', '0001 000c 00000000 00000000');
    meter('a band past the end', '0001 0020 00000000 00000000 00000000');
    meter('an unknown band', '0063 0010 00000001 00000000 00000000');
    meter('a band that is too long', `0001 0018 ${zeros(20)}`);
  }
  if (version === 4) {
    add('half a set_async', 28, zeros(12));
    add('a set_async with more', 28, zeros(32));
  }
  if (version >= 5) {
    add('set_async: a property of length 4', 28, '0000 0004 00000000');
    add('set_async: a property past the end', 28, '0000 0010 00000000');
    add('set_async: an unknown property', 28, '0063 0008 00000000');
    add('half a bundle control', 33, zeros(4));
    add('bundle add: half a message', 34, '00000001 0000 0000 0405');
    add(
      'bundle add: a message of length 4',
      34,
      (wire) => `00000001 0000 0000 ${hex(wire, 2)}050004 00000001`,
    );
    add(
      'bundle add: a message past the end',
      34,
      (wire) => `00000001 0000 0000 ${hex(wire, 2)}0e0040 00000001`,
    );
    const port = (name: string, properties: string) =>
      add(`port mod: ${name}`, 16, `00000001 00000000 aa5500000001 0000 00000000 00000000 ${properties}`);
    port('a property of length 0', '0000 0000 00000000');
    port('a property past the end', '0000 0010 00000000');
    port('an unknown property', '0063 0008 00000000');
    port('a property of an unknown experimenter', 'ffff 000c 00abcdef 00000001 00000000');
    const table = (name: string, properties: string) =>
      add(`table mod: ${name}`, 17, `01 000000 00000000 ${properties}`);
    table('a property of length 2', '0002 0002 00000000');
    table('a property past the end', '0002 0010 00000000');
    table('an unknown property', '0063 0008 00000000');
  }
  return all;
}
