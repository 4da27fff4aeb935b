/** Statements for fields whose size is known only at run time. */
import type { Field } from '../schema/dsl.ts';
import { MATCH10_BYTES, MATCHES, NUMBERS } from './fields.ts';
import { camel, pascal } from './names.ts';

export interface Varying {
  readonly decode: readonly string[];
  readonly encode: readonly string[];
  readonly uses: readonly string[];
  /** Where the next field begins, as an expression. */
  readonly next: string;
}

export interface VaryingOptions {
  readonly path: string;
  readonly sizeOf: (tag: string) => number | undefined;
  /** A `length_of` field before tells the size. */
  readonly isSized: boolean;
  /** A `count_of` field before tells how many. */
  readonly isCounted: boolean;
}

export function varyingField(field: Field, from: string, options: VaryingOptions): Varying {
  switch (field.kind) {
    case 'match':
      return matchField(field, from, options);
    case 'stats':
      return selfSized(field.name, from, 'Stats');
    case 'embedded':
      return selfSized(field.name, from, 'Embedded');
    case 'inline':
      return inlineField(field, from, options);
    case 'oxm':
      return {
        decode: [`const oxm = decodeSetField(view, ${from}, end);`],
        encode: ['encodeSetField(writer, value.field, value.value, value.mask);'],
        uses: ['decodeSetField', 'encodeSetField'],
        next: 'end',
      };
    case 'bitmap':
      return upToEnd(field.name, from, options, { codec: 'Bitmap' });
    case 'numbers':
      return options.isCounted
        ? counted(field, from, options)
        : upToEnd(field.name, from, options, { codec: NUMBERS[field.wire] });
    case 'custom':
      return customField(field, from, options);
    case 'oxm_header':
      return selfSized(field.name, from, 'OxmHeader');
    case 'pad_end': {
      const only = `paddingOnly(${from}, end, ${options.path});`;
      if (field.nonZero === undefined) {
        return { decode: [only], encode: [], uses: ['paddingOnly'], next: 'end' };
      }
      const zero = `zeroOnly(view, ${from}, end, [${field.nonZero.join(', ')}], ${options.path});`;
      return { decode: [only, zero], encode: [], uses: ['paddingOnly', 'zeroOnly'], next: 'end' };
    }
    case 'list':
      return listField(field, from, options);
    case 'rest':
      return sized(field.name, from, options, {
        decode: (at, end) => `bytesOf(view, ${at}, ${end})`,
        encode: `writer.append(value.${field.name});`,
        uses: ['bytesOf'],
      });
    default:
      throw new Error(`a ${field.kind} field has a fixed size`);
  }
}

interface Codec {
  readonly decode: (at: string, end: string) => string;
  readonly encode: string;
  readonly uses: readonly string[];
}

const upToEnd = (
  name: string,
  from: string,
  options: VaryingOptions,
  { codec }: { codec: string },
): Varying =>
  sized(name, from, options, {
    decode: (at, end) => `decode${codec}(view, ${at}, ${end})`,
    encode: `encode${codec}(writer, value.${name});`,
    uses: [`decode${codec}`, `encode${codec}`],
  });

/** A field up to the end, or as long as its length field says. */
function sized(name: string, from: string, { isSized, path }: VaryingOptions, codec: Codec): Varying {
  if (!isSized) {
    return {
      decode: [`const ${name} = ${codec.decode(from, 'end')};`],
      encode: [codec.encode],
      uses: codec.uses,
      next: 'end',
    };
  }
  return {
    decode: [
      `need(${from}, end, ${name}Length, ${path});`,
      `const ${name}End = ${from} + ${name}Length;`,
      `const ${name} = ${codec.decode(from, `${name}End`)};`,
    ],
    encode: [
      `const ${name}Start = writer.length;`,
      codec.encode,
      `writer.patchLength(${name}LengthAt, ${name}Start, '${name}');`,
    ],
    uses: [...codec.uses, 'need'],
    next: `${name}End`,
  };
}

/** As many numbers as the count before says. */
function counted(
  { name, wire }: Extract<Field, { kind: 'numbers' }>,
  from: string,
  { path }: VaryingOptions,
): Varying {
  if (wire === 'oxm_id') throw new Error(`${name}: ids have no fixed size to count`);
  return fixedSize(name, from, NUMBERS[wire], { size: `${name}Count * ${Number(wire.slice(1)) / 8}`, path });
}

function customField(
  { name, codec, size }: Extract<Field, { kind: 'custom' }>,
  from: string,
  options: VaryingOptions,
): Varying {
  if (size === 'self') return selfSized(name, from, pascal(codec));
  if (size === undefined) return upToEnd(name, from, options, { codec: pascal(codec) });
  return fixedSize(name, from, pascal(codec), { size: `${size}`, path: options.path });
}

/** A field whose size is known before it is read. */
const fixedSize = (
  name: string,
  from: string,
  codec: string,
  { size, path }: { readonly size: string; readonly path: string },
): Varying => ({
  decode: [
    `const ${name}End = ${from} + ${size};`,
    `need(${from}, end, ${size}, ${path});`,
    `const ${name} = decode${codec}(view, ${from}, ${name}End);`,
  ],
  encode: [`encode${codec}(writer, value.${name});`],
  uses: ['need', `decode${codec}`, `encode${codec}`],
  next: `${name}End`,
});

/** A field that says itself where it ends. */
const selfSized = (name: string, from: string, codec: string): Varying => ({
  decode: [
    `const ${name}End = endOf${codec}(view, ${from}, end);`,
    `const ${name} = decode${codec}(view, ${from}${codec === 'Embedded' ? `, ${name}End` : ''});`,
  ],
  encode: [`encode${codec}(writer, value.${name});`],
  uses: [`endOf${codec}`, `decode${codec}`, `encode${codec}`],
  next: `${name}End`,
});

/** An ofp_match whose length stands in the structure around it as well. */
const sizedTwice = (name: string, from: string): Varying => ({
  decode: [
    `const ${name}End = endOfSizedMatch(view, ${from}, end, ${name}Length);`,
    `const ${name} = decodeMatch(view, ${from});`,
  ],
  encode: [
    `const ${name}Start = writer.length;`,
    `encodeMatch(writer, value.${name});`,
    `writer.view.setUint16(${name}LengthAt, writer.view.getUint16(${name}Start + 2));`,
  ],
  uses: ['endOfSizedMatch', 'decodeMatch', 'encodeMatch'],
  next: `${name}End`,
});

function matchField(
  field: Extract<Field, { kind: 'match' }>,
  from: string,
  { isSized, path }: VaryingOptions,
): Varying {
  const { name, form } = field;
  const codec = MATCHES[form];
  const uses = [`decode${codec}`, `encode${codec}`];
  const encode = `encode${codec}(writer, value.${name});`;
  switch (form) {
    case 'oxm':
    case 'of11':
      return isSized ? sizedTwice(name, from) : selfSized(name, from, codec);
    case 'of10':
      return {
        decode: [
          `need(${from}, end, ${MATCH10_BYTES}, ${path});`,
          `const ${name}End = ${from} + ${MATCH10_BYTES};`,
          `const ${name} = decode${codec}(view, ${from});`,
        ],
        encode: [encode],
        uses: [...uses, 'need'],
        next: `${name}End`,
      };
    case 'nxm':
      if (!isSized) throw new Error(`${name} needs a length_of field before it`);
      return {
        decode: [
          `const ${name}End = ${from} + Math.ceil(${name}Length / 8) * 8;`,
          `need(${from}, end, ${name}End - (${from}), ${path});`,
          `const ${name} = decode${codec}(view, ${from}, ${from} + ${name}Length);`,
        ],
        encode: [
          `const ${name}Start = writer.length;`,
          encode,
          `writer.patchLength(${name}LengthAt, ${name}Start, '${name}');`,
          `writer.padFrom(${name}Start, 8);`,
        ],
        uses: [...uses, 'need'],
        next: `${name}End`,
      };
  }
}

function inlineField(
  field: Extract<Field, { kind: 'inline' }>,
  from: string,
  { path, sizeOf }: VaryingOptions,
): Varying {
  const { name, of } = field;
  const type = pascal(of);
  const size = sizeOf(of);
  const encode = [`encode${type}(writer, value.${name});`];
  if (size !== undefined) {
    return {
      decode: [
        `need(${from}, end, ${size}, ${path});`,
        `const ${name}End = ${from} + ${size};`,
        `const ${name} = decode${type}(view, ${from}, ${name}End);`,
      ],
      encode,
      uses: ['need', `decode${type}`, `encode${type}`, type],
      next: `${name}End`,
    };
  }
  const kind = `${camel(of)}Kind`;
  return {
    decode: [
      `const ${name}End = endOfElement(view, ${from}, end, ${kind}, '${name}');`,
      `const ${name} = decode${type}(view, ${from}, ${name}End);`,
    ],
    encode,
    uses: ['endOfElement', kind, `decode${type}`, `encode${type}`, type],
    next: `${name}End`,
  };
}

function listField(field: Extract<Field, { kind: 'list' }>, from: string, options: VaryingOptions): Varying {
  const { name, of, alignBefore } = field;
  const kind = `${camel(of)}Kind`;
  const uses = ['decodeList', 'encodeList', kind, pascal(of)];
  const encode = `encodeList(writer, value.${name}, ${kind});`;
  if (alignBefore === undefined) {
    return sized(name, from, options, {
      decode: (at, end) => `decodeList(view, ${at}, ${end}, ${kind}, '${name}')`,
      encode,
      uses,
    });
  }
  return {
    decode: [
      `const ${name}From = Math.min(end, off + Math.ceil((${from} - off) / ${alignBefore}) * ${alignBefore});`,
      `const ${name} = decodeList(view, ${name}From, end, ${kind}, '${name}');`,
    ],
    encode: [`if (value.${name}.length > 0) writer.padFrom(at, ${alignBefore});`, encode],
    uses,
    next: 'end',
  };
}
