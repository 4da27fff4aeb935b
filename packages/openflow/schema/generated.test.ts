/** What stands in src/generated is what the schema says. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { render } from '../generate/render.ts';
import { versions } from './index.ts';

const folder = join(import.meta.dirname, '..', 'src', 'generated');
const { files, problems } = render();

it('the generator has no complaint', () => {
  expect(problems).toEqual([]);
});

it('the generated code is up to date (else: npm run generate)', () => {
  const stale = [...files].filter(([name, text]) => {
    const path = join(folder, name);
    return !existsSync(path) || readFileSync(path, 'utf8') !== text;
  });
  expect(stale.map(([name]) => name)).toEqual([]);
});

describe.each(versions)('OpenFlow $version', ({ messages, structs, unions }) => {
  it('has every list and reply that it names', () => {
    const elements = new Set([...structs, ...unions].map(({ name }) => name));
    const types = new Set(messages.map(({ type }) => type));
    for (const { fields, reply } of messages) {
      for (const field of fields) if (field.kind === 'list') expect(elements).toContain(field.of);
      if (reply !== undefined) expect(types).toContain(reply);
    }
  });
});
