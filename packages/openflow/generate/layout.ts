/**
 * From a layout (fields in wire order) to the statements that decode and encode it. Fields of fixed size are
 * read and written at literal offsets from the beginning of their run; a run ends at the first field whose
 * size is known only at run time.
 */
import type { Field } from '../schema/dsl.ts';
import { camel, literal, pascal } from './names.ts';

export interface Property {
  readonly name: string;
  readonly type: string;
  readonly note: string;
  /** Text of the value that builders put in when it is left out. */
  readonly initial?: string;
}

export interface Layout {
  readonly properties: readonly Property[];
  /** Bytes, when no field varies. */
  readonly fixedSize: number | undefined;
  /** Bytes before the first field that varies. */
  readonly minimum: number;
  readonly decode: readonly string[];
  readonly encode: readonly string[];
  /** Names from other modules that the statements use. */
  readonly uses: ReadonlySet<string>;
}

/** What stands before the fields: a TLV header or a multipart header. */
export interface LayoutPrefix {
  readonly size: number;
  readonly encode: (at: string) => readonly string[];
  readonly decode: (off: string) => readonly string[];
}

export interface LayoutOptions {
  /** For error texts, as a TypeScript expression. */
  readonly path: string;
  readonly prefix?: LayoutPrefix;
}

const WIDTH = { u8: 1, u16: 2, u32: 4, u64: 8, mac: 6, dpid: 8 } as const;
const TYPE = {
  u8: 'number',
  u16: 'number',
  u32: 'number',
  u64: 'bigint',
  mac: 'string',
  dpid: 'string',
} as const;
const GET = { u8: 'getUint8', u16: 'getUint16', u32: 'getUint32', u64: 'getBigUint64' } as const;
const SET = { u8: 'setUint8', u16: 'setUint16', u32: 'setUint32', u64: 'setBigUint64' } as const;

const isIn = (base: string, offset: number): string => (offset === 0 ? base : `${base} + ${offset}`);

/** Size of a structure, or undefined when it varies. */
export function fixedSizeOf(fields: readonly Field[]): number | undefined {
  let size = 0;
  for (const field of fields) {
    const width = widthOf(field);
    if (width === undefined) return undefined;
    size += width;
  }
  return size;
}

function widthOf(field: Field): number | undefined {
  switch (field.kind) {
    case 'scalar':
      return WIDTH[field.wire];
    case 'pad':
    case 'text':
      return field.size;
    case 'length_of':
    case 'self_length':
      return 2;
    default:
      return undefined;
  }
}

export function layoutOf(fields: readonly Field[], options: LayoutOptions): Layout {
  const emitter = new Emitter(options);
  emitter.run(fields);
  const size = fixedSizeOf(fields);
  return {
    properties: fields.flatMap((field) => propertiesOf(field)),
    fixedSize: size === undefined ? undefined : size + (options.prefix?.size ?? 0),
    minimum: emitter.firstRun,
    decode: emitter.decode,
    encode: emitter.encode,
    uses: emitter.uses,
  };
}

export function propertiesOf(field: Field): readonly Property[] {
  switch (field.kind) {
    case 'scalar':
      return [
        {
          name: field.name,
          type: TYPE[field.wire],
          note: field.note ?? '',
          ...(field.initial === undefined ? {} : { initial: literal(field.initial) }),
        },
      ];
    case 'text':
      return [{ name: field.name, type: 'string', note: '', initial: "''" }];
    case 'match':
      return [{ name: field.name, type: 'Match', note: '', initial: '{}' }];
    case 'list':
      return [{ name: field.name, type: `readonly ${pascal(field.of)}[]`, note: '', initial: '[]' }];
    case 'inline':
      return [{ name: field.name, type: pascal(field.of), note: '' }];
    case 'bitmap':
      return [{ name: field.name, type: 'readonly number[]', note: '' }];
    case 'rest':
      return [{ name: field.name, type: 'Uint8Array', note: '', initial: 'new Uint8Array(0)' }];
    default:
      return [];
  }
}

/** Walks the fields once and writes both directions. */
class Emitter {
  readonly decode: string[] = [];
  readonly encode: string[] = [];
  readonly uses = new Set<string>();
  firstRun = 0;
  private runs = 0;

  constructor(private readonly options: LayoutOptions) {}

  run(fields: readonly Field[]): void {
    let index = 0;
    let base = 'off';
    while (index < fields.length || this.runs === 0) {
      const until = this.endOfRun(fields, index);
      const size = this.fixedRun(fields.slice(index, until), base, until === fields.length);
      if (this.runs === 1) this.firstRun = size;
      const field = fields[until];
      if (field !== undefined) base = this.varying(field, isIn(base, size), fields);
      index = until + 1;
    }
  }

  private endOfRun(fields: readonly Field[], from: number): number {
    let until = from;
    for (; until < fields.length; until++) {
      const field = fields[until];
      if (field === undefined || widthOf(field) === undefined) break;
    }
    return until;
  }

  /** Fields of fixed size, one after another; returns how many bytes they take. */
  private fixedRun(fields: readonly Field[], base: string, isLast: boolean): number {
    const first = this.runs === 0;
    this.runs += 1;
    const at = this.runs === 1 ? 'at' : `at${this.runs}`;
    const view = this.runs === 1 ? 'view' : `view${this.runs}`;
    const prefix = first ? this.options.prefix : undefined;
    const size = fields.reduce((sum, field) => sum + (widthOf(field) ?? 0), prefix?.size ?? 0);
    if (size === 0) {
      if (first && isLast) this.check('exactly', base, 0);
      return 0;
    }
    this.check(first && isLast ? 'exactly' : 'need', base, size);
    const writes: string[] = [...(prefix?.encode(at) ?? [])].map((line) => line.replaceAll('VIEW', view));
    this.decode.push(...(prefix?.decode(base) ?? []));
    let offset = prefix?.size ?? 0;
    for (const field of fields) {
      this.fixed(field, base, at, view, offset, writes);
      offset += widthOf(field) ?? 0;
    }
    this.encode.push(`const ${at} = writer.claim(${size});`);
    if (writes.some((line) => line.includes(`${view}.`) || line.includes(`(${view},`))) {
      this.encode.push(`const ${view} = writer.view;`);
    }
    this.encode.push(...writes);
    return size;
  }

  private check(how: 'need' | 'exactly', base: string, size: number): void {
    this.uses.add(how);
    this.decode.push(`${how}(${base}, end, ${size}, ${this.options.path});`);
  }

  private fixed(
    field: Field,
    base: string,
    at: string,
    view: string,
    offset: number,
    writes: string[],
  ): void {
    const from = isIn(base, offset);
    const to = isIn(at, offset);
    switch (field.kind) {
      case 'scalar':
        this.scalar(field, from, to, view, writes);
        break;
      case 'pad':
        writes.push(...zeros(view, at, offset, field.size));
        break;
      case 'text':
        this.uses.add('readText').add('writeText');
        this.decode.push(`const ${field.name} = readText(view, ${from}, ${field.size});`);
        writes.push(`writeText(writer.bytes, ${to}, ${field.size}, value.${field.name}, '${field.name}');`);
        break;
      case 'length_of':
        this.decode.push(`const ${field.of}Length = view.getUint16(${from});`);
        writes.push(`const ${field.of}LengthAt = ${to};`);
        break;
      case 'self_length':
        writes.push(`const lengthAt = ${to};`);
        break;
    }
  }

  private scalar(
    field: Extract<Field, { kind: 'scalar' }>,
    from: string,
    to: string,
    view: string,
    writes: string[],
  ): void {
    if (field.wire === 'mac' || field.wire === 'dpid') {
      const name = pascal(field.wire);
      this.uses.add(`read${name}`).add(`write${name}`);
      this.decode.push(`const ${field.name} = read${name}(view, ${from});`);
      writes.push(`write${name}(${view}, ${to}, value.${field.name});`);
      return;
    }
    this.uses.add(field.wire);
    this.decode.push(`const ${field.name} = view.${GET[field.wire]}(${from});`);
    writes.push(`${view}.${SET[field.wire]}(${to}, ${field.wire}(value.${field.name}, '${field.name}'));`);
  }

  /** A field whose size is known at run time; returns the expression where the next run begins. */
  private varying(field: Field, from: string, all: readonly Field[]): string {
    switch (field.kind) {
      case 'match':
        this.uses.add('endOfMatch').add('decodeMatch').add('encodeMatch');
        this.decode.push(`const ${field.name}End = endOfMatch(view, ${from}, end);`);
        this.decode.push(`const ${field.name} = decodeMatch(view, ${from});`);
        this.encode.push(`encodeMatch(writer, value.${field.name});`);
        return `${field.name}End`;
      case 'list':
        return this.list(field, from, all);
      case 'rest':
        this.uses.add('bytesOf');
        this.decode.push(`const ${field.name} = bytesOf(view, ${from}, end);`);
        this.encode.push(`writer.append(value.${field.name});`);
        return 'end';
      case 'inline':
        this.uses
          .add(`decode${pascal(field.of)}`)
          .add(`encode${pascal(field.of)}`)
          .add(pascal(field.of));
        this.decode.push(`const ${field.name} = decode${pascal(field.of)}(view, ${from}, end);`);
        this.encode.push(`encode${pascal(field.of)}(writer, value.${field.name});`);
        return 'end';
      case 'bitmap':
        this.uses.add('decodeBitmap').add('encodeBitmap');
        this.decode.push(`const ${field.name} = decodeBitmap(view, ${from}, end);`);
        this.encode.push(`encodeBitmap(writer, value.${field.name});`);
        return 'end';
      case 'oxm':
        this.uses.add('decodeSetField').add('encodeSetField');
        this.decode.push(`const setField = decodeSetField(view, ${from}, end);`);
        this.encode.push('encodeSetField(writer, value.field, value.value);');
        return 'end';
      default:
        throw new Error(`a ${field.kind} field has a fixed size`);
    }
  }

  private list(field: Extract<Field, { kind: 'list' }>, from: string, all: readonly Field[]): string {
    const kind = `${camel(field.of)}Kind`;
    this.uses.add('decodeList').add('encodeList').add(kind).add(pascal(field.of));
    const sized = all.some((other) => other.kind === 'length_of' && other.of === field.name);
    if (!sized) {
      this.decode.push(`const ${field.name} = decodeList(view, ${from}, end, ${kind}, '${field.name}');`);
      this.encode.push(`encodeList(writer, value.${field.name}, ${kind});`);
      return 'end';
    }
    this.uses.add('need');
    const stop = `${field.name}End`;
    this.decode.push(`need(${from}, end, ${field.name}Length, ${this.options.path});`);
    this.decode.push(`const ${stop} = ${from} + ${field.name}Length;`);
    this.decode.push(`const ${field.name} = decodeList(view, ${from}, ${stop}, ${kind}, '${field.name}');`);
    this.encode.push(`const ${field.name}Start = writer.length;`);
    this.encode.push(`encodeList(writer, value.${field.name}, ${kind});`);
    this.encode.push(`writer.patchLength(${field.name}LengthAt, ${field.name}Start, '${field.name}');`);
    return stop;
  }
}

/** Statements that zero `size` bytes. */
export function zeros(view: string, at: string, offset: number, size: number): string[] {
  const lines: string[] = [];
  let done = 0;
  for (const [width, set] of [
    [4, 'setUint32'],
    [2, 'setUint16'],
    [1, 'setUint8'],
  ] as const) {
    while (size - done >= width) {
      lines.push(`${view}.${set}(${isIn(at, offset + done)}, 0);`);
      done += width;
    }
  }
  return lines;
}
