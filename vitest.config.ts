import { configDefaults, defineConfig } from 'vitest/config';

const source = { conditions: ['source'] };

// Two projects: `unit` needs nothing but Node; `e2e` (and what drives real QEMUs, `real-*`) needs root on Linux with the packages of the lab, runs
// one file at a time because every file builds a network, and says in its summary what it could not run.
export default defineConfig({
  test: {
    // By default vitest leaves one core alone: half of a small machine.
    maxWorkers: '100%',
    projects: [
      {
        resolve: source,
        ssr: { resolve: source },
        test: {
          name: 'unit',
          setupFiles: ['./scripts/property-seed.ts'],
          include: [
            '{packages/*,topology,agents,controller,cli,testbed}/{src,schema,scenarios,conformance,fuzz}/**/*.test.ts',
            'tidy/**/*.test.ts',
          ],
          exclude: [...configDefaults.exclude, '**/real-*.test.ts'],
          // None of these is a promise of the product: a busy machine may take long, and what never happens fails all the same.
          testTimeout: 120_000,
          hookTimeout: 120_000,
          expect: { poll: { timeout: 30_000, interval: 20 } },
        },
      },
      {
        resolve: source,
        ssr: { resolve: source },
        test: {
          name: 'e2e',
          include: ['testbed/e2e/**/*.e2e.test.ts', 'agents/src/**/real-*.test.ts'],
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
