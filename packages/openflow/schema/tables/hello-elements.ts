import { bitmap, union } from '../dsl.ts';

/**
 * Elements of OFPT_HELLO: u16 type, u16 length, body, then padding to 8 bytes that the length leaves out. Some
 * controllers leave out the padding of the last one.
 */
export const helloElements = union({
  name: 'hello_element',
  section: 'A.5.1',
  doc: 'An element of the hello message.',
  align: 8,
  lengthIncludesPadding: false,
  lastMayLackPadding: true,
  minimum: 4,
  badLength: [1, 6],
  members: [
    {
      type: 'version_bitmap',
      code: 1,
      doc: 'The wire versions that the sender speaks.',
      fields: [bitmap('versions')],
    },
  ],
});
