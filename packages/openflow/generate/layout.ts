/**
 * From a layout (fields in wire order) to the statements that decode and encode it. Fields of fixed size are
 * read and written at literal offsets from the beginning of their run; a run ends at the first field whose
 * size is known only at run time.
 */
import type { Field } from '../schema/dsl.ts';
import { fixedSizeOf, type Property, propertiesOf, SCALARS, widthOf } from './fields.ts';
import { type Varying, varyingField } from './varying.ts';

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

/** What stands before the fields: a TLV header, a multipart header, an experimenter's number. */
export interface LayoutPrefix {
  readonly size: number;
  readonly encode: (at: string) => readonly string[];
  readonly decode: (off: string) => readonly string[];
}

export interface LayoutOptions {
  /** For error texts, as a TypeScript expression. */
  readonly path: string;
  readonly prefix?: LayoutPrefix;
  /** Bytes of a structure of this version, undefined when they vary. */
  readonly sizeOf: (tag: string) => number | undefined;
}

const isIn = (base: string, offset: number): string => (offset === 0 ? base : `${base} + ${offset}`);

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
    const until = fields.findIndex((field, index) => index >= from && widthOf(field) === undefined);
    return until < 0 ? fields.length : until;
  }

  /** Fields of fixed size, one after another; returns how many bytes they take. */
  private fixedRun(fields: readonly Field[], base: string, isLast: boolean): number {
    const first = this.runs === 0;
    this.runs += 1;
    const at = first ? 'at' : `at${this.runs}`;
    const view = first ? 'view' : `view${this.runs}`;
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
    const isUsed = first || writes.some((line) => line.includes(at));
    this.encode.push(`${isUsed ? `const ${at} = ` : ''}writer.claim(${size});`);
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
        if (field.nonZero !== undefined) {
          const answer = `[${field.nonZero.join(', ')}]`;
          this.uses.add('zeroOnly');
          this.decode.push(
            `zeroOnly(view, ${from}, ${isIn(base, offset + field.size)}, ${answer}, ${this.options.path});`,
          );
        }
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
      case 'count_of':
        this.uses.add('u16');
        this.decode.push(`const ${field.of}Count = view.getUint16(${from});`);
        writes.push(`${view}.setUint16(${to}, u16(value.${field.of}.length, '${field.of}'));`);
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
    const { access } = SCALARS[field.wire];
    if ('name' in access) {
      this.uses.add(`read${access.name}`).add(`write${access.name}`);
      this.decode.push(`const ${field.name} = read${access.name}(view, ${from});`);
      writes.push(`write${access.name}(${view}, ${to}, value.${field.name});`);
      return;
    }
    this.uses.add(access.check);
    this.decode.push(`const ${field.name} = view.${access.get}(${from});`);
    writes.push(`${view}.${access.set}(${to}, ${access.check}(value.${field.name}, '${field.name}'));`);
  }

  /** A field whose size is known at run time; returns the expression where the next run begins. */
  private varying(field: Field, from: string, all: readonly Field[]): string {
    const isSized = all.some(
      (other) => other.kind === 'length_of' && 'name' in field && other.of === field.name,
    );
    const isCounted = all.some(
      (other) => other.kind === 'count_of' && 'name' in field && other.of === field.name,
    );
    const part: Varying = varyingField(field, from, { ...this.options, isSized, isCounted });
    for (const name of part.uses) this.uses.add(name);
    this.decode.push(...part.decode);
    this.encode.push(...part.encode);
    return part.next;
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

/** Where the length of a structure itself stands. */
export function offsetOfSelfLength(fields: readonly Field[], name: string): number {
  let offset = 0;
  for (const field of fields) {
    if (field.kind === 'self_length') return offset;
    const width = widthOf(field);
    if (width === undefined) break;
    offset += width;
  }
  throw new Error(`${name} varies in size and has no length of its own before what varies`);
}
