// The pages about the models say what the command prints and show what it draws: both are done again here.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { catalogue } from '@sluice/models';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from './testing.ts';

const PAGES = fileURLToPath(new URL('../../docs/models/', import.meta.url));
const names = (await readdir(PAGES)).filter((name) => name.endsWith('.md'));
const pages = await Promise.all(
  names.map(async (name) => ({ name, text: await readFile(join(PAGES, name), 'utf8') })),
);

interface Shown {
  readonly page: string;
  readonly command: string;
  readonly output: string;
}

/** Commands of a page with what stands below each. */
const shown: readonly Shown[] = pages.flatMap(({ name, text }) =>
  [...text.matchAll(/^```\n(\$ sluice [\s\S]*?)^```$/gm)].flatMap((block) =>
    (block[1] ?? '')
      .split(/^\$ /m)
      .filter((part) => part !== '')
      .map((part) => {
        const [command = '', ...lines] = part.trimEnd().split('\n');
        return { page: name, command, output: lines.join('\n') };
      }),
  ),
);

describe('the pages about the models', () => {
  it.each(shown.map((one) => [one.page, one.command, one] as const))(
    '%s: %s',
    async (_page, command, one) => {
      const { stdout, stderr } = await run(command.split(' ').slice(1));
      expect(stderr).toBe('');
      expect(stdout.trimEnd()).toBe(one.output);
    },
  );

  it('show every figure that the catalogue draws', () => {
    const text = pages.map((page) => page.text).join('\n');
    for (const entry of catalogue)
      for (const figure of entry.figures) expect(text).toContain(`figures/${figure.name}.svg`);
  });

  describe('with figures', () => {
    let folder = '';
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'sluice-figures-'));
    });
    afterAll(() => rm(folder, { recursive: true }));

    it.each(catalogue.flatMap((entry) => entry.figures.map((figure) => [entry.name, figure.name] as const)))(
      '%s: %s is the one that the command draws',
      async (name, figure) => {
        const file = join(folder, `${figure}.svg`);
        await run(['model', name, '--figure', figure, '--plot', file]);
        const kept = join(PAGES, 'figures', `${figure}.svg`);
        expect(await readFile(file, 'utf8')).toBe(await readFile(kept, 'utf8'));
      },
    );
  });
});
