/** What is committed in src/generated is what the schema says. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { render } from '../generate/render.ts';
import { messages, structs, unions } from './index.ts';

const folder = new URL('../src/generated/', import.meta.url);

it('the committed code is what the generator writes (else: npm run generate -w @oflib/openflow)', () => {
  const files = render();
  expect(readdirSync(folder).sort()).toEqual([...files.keys()].sort());
  const stale = [...files].filter(([name, text]) => readFileSync(new URL(name, folder), 'utf8') !== text);
  expect(stale.map(([name]) => name)).toEqual([]);
});

it('every list and reply names something that the schema has', () => {
  const elements = new Set<string>([...structs, ...unions].map(({ name }) => name));
  const types = new Set<string>(messages.map(({ type }) => type));
  for (const { fields, reply } of messages) {
    for (const field of fields) if (field.kind === 'list') expect(elements).toContain(field.of);
    if (reply !== undefined) expect(types).toContain(reply);
  }
});
