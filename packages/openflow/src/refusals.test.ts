import { describe, expect, it } from 'vitest';
import { decodeMessage, type Message } from './codec.ts';
import { flowMod } from './generated/of13/index.ts';
import { unknownIn } from './refusals.ts';

const apply = (action: object): Message =>
  flowMod({
    command: 0,
    instructions: [{ type: 'apply_actions', actions: [action] }],
  } as unknown as Parameters<typeof flowMod>[0]);

describe('what nobody knows in a message', () => {
  it.each<[what: string, message: Message, name: string | undefined]>([
    ['nothing', flowMod({ command: 0, match: { in_port: 1 } }), undefined],
    ['an action', apply({ type: 'unknown', code: 99, data: new Uint8Array(4) }), 'OFPBAC_BAD_TYPE'],
    [
      'an action inside an action',
      apply({ type: 'nx_clone', actions: [{ type: 'unknown', code: 99, data: new Uint8Array(4) }] }),
      'OFPBAC_BAD_TYPE',
    ],
    [
      'a mask before 1.5',
      apply({ type: 'set_field', field: 'eth_dst', value: '00:00:00:00:00:01', mask: '00:00:00:00:00:ff' }),
      'OFPBAC_BAD_SET_MASK',
    ],
    ['a field', flowMod({ command: 0, match: { '0x12340004': new Uint8Array(4) } }), 'OFPBMC_BAD_FIELD'],
    ['a message', { type: 'unknown', code: 99, body: new Uint8Array() }, 'OFPBRC_BAD_TYPE'],
  ])('is found: %s', (_, message, name) => {
    expect(unknownIn(message, '1.3')).toBe(name);
  });

  it('is found in a message inside a bundle', () => {
    const inner = '05630008 00000001';
    const bytes = Buffer.from(`05220018 00000001 00000001 0000 0000 ${inner}`.replaceAll(' ', ''), 'hex');
    expect(unknownIn(decodeMessage(Uint8Array.from(bytes), '1.4').message, '1.4')).toBe('OFPBRC_BAD_TYPE');
  });
});
