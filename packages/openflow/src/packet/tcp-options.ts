/** Options of TCP (RFC 9293 3.1; scaling and time stamps RFC 7323, selective acknowledgement RFC 2018). */
import { fits } from '../runtime/oxm-numbers.ts';
import { EncodeError } from '../runtime/protocol-error.ts';
import { type IpOption, readOptions } from './ip-options.ts';
import { viewOf } from './packet-error.ts';

export type TcpOption =
  | { readonly kind: 'no_operation' }
  /** Bytes. */
  | { readonly kind: 'max_segment_size'; readonly size: number }
  /** The window is in units of 2^shift bytes. */
  | { readonly kind: 'window_scale'; readonly shift: number }
  | { readonly kind: 'sack_permitted' }
  /** Sequence numbers: first, and the one after the last. */
  | { readonly kind: 'sack'; readonly blocks: readonly (readonly [number, number])[] }
  | { readonly kind: 'timestamps'; readonly value: number; readonly echo: number }
  | { readonly kind: 'other'; readonly number: number; readonly value: Uint8Array };

const NUMBER = { NO_OPERATION: 1, SIZE: 2, SCALE: 3, SACK_PERMITTED: 4, SACK: 5, TIMESTAMPS: 8 } as const;
const BLOCK_BYTES = 8;

/** The options of a segment up to the end option. Throws PacketError when a length lies. */
export const tcpOptions = (bytes: Uint8Array): readonly TcpOption[] =>
  readOptions(bytes, 'tcp.options', { isEnd: (n) => n === 0, isAlone: (n) => n === 1, counted: 2 }).map(
    optionOf,
  );

function optionOf({ number, value }: IpOption): TcpOption {
  const view = viewOf(value);
  const { length } = value;
  if (number === NUMBER.NO_OPERATION) return { kind: 'no_operation' };
  if (number === NUMBER.SIZE && length === 2) return { kind: 'max_segment_size', size: view.getUint16(0) };
  if (number === NUMBER.SCALE && length === 1) return { kind: 'window_scale', shift: view.getUint8(0) };
  if (number === NUMBER.SACK_PERMITTED && length === 0) return { kind: 'sack_permitted' };
  if (number === NUMBER.TIMESTAMPS && length === 8) {
    return { kind: 'timestamps', value: view.getUint32(0), echo: view.getUint32(4) };
  }
  if (number === NUMBER.SACK && length % BLOCK_BYTES === 0) {
    const blocks = Array.from(
      { length: length / BLOCK_BYTES },
      (_, i) => [view.getUint32(i * BLOCK_BYTES), view.getUint32(i * BLOCK_BYTES + 4)] as const,
    );
    return { kind: 'sack', blocks };
  }
  return { kind: 'other', number, value };
}

/** The bytes of options, filled up with end options to a multiple of 4. */
export function tcpOptionsBytes(options: readonly TcpOption[]): Uint8Array {
  const bytes = options.flatMap((option) => {
    if (option.kind === 'no_operation') return [NUMBER.NO_OPERATION];
    const [number, value] = partsOf(option);
    return [number, 2 + value.length, ...value];
  });
  if (bytes.length > 40) throw new EncodeError(`tcp options of ${bytes.length} bytes are more than 40`);
  const filled = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  filled.set(bytes);
  return filled;
}

function partsOf(option: Exclude<TcpOption, { kind: 'no_operation' }>): readonly [number, readonly number[]] {
  switch (option.kind) {
    case 'max_segment_size':
      return [NUMBER.SIZE, word(fits(option.size, 0xffff, 'segment size')).slice(2)];
    case 'window_scale':
      return [NUMBER.SCALE, [fits(option.shift, 255, 'window shift')]];
    case 'sack_permitted':
      return [NUMBER.SACK_PERMITTED, []];
    case 'sack':
      return [NUMBER.SACK, option.blocks.flatMap(([first, end]) => [...word(first), ...word(end)])];
    case 'timestamps':
      return [NUMBER.TIMESTAMPS, [...word(option.value), ...word(option.echo)]];
    case 'other':
      return [fits(option.number, 255, 'tcp option'), [...option.value]];
  }
}

function word(value: number): readonly number[] {
  fits(value, 0xffffffff, 'tcp option value');
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}
