/** What the compiler does not check: who imports whom, which rooms are pure, how long files are, how units are spelt. */
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codeOnly, ROOT, readSources, type Source, WORKSPACES } from './sources.ts';

const sources = readSources();
const isTest = (source: Source) =>
  /\.(test|contract)\.ts$/.test(source.path) || /\/(testing|e2e|bench)\//.test(source.path);

/** Workspace → workspaces it may import. Arrows point down; nothing imports testbed but the command, through its door. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  '@sluice/units': [],
  '@oflib/openflow': [],
  '@oflib/ovsdb': [],
  '@sluice/models': ['@sluice/units'],
  '@sluice/topology': ['@sluice/units'],
  '@sluice/agents': ['@sluice/units', '@sluice/models'],
  '@sluice/controller': [
    '@sluice/units',
    '@sluice/models',
    '@sluice/topology',
    '@sluice/agents',
    '@oflib/openflow',
    '@oflib/ovsdb',
  ],
  '@sluice/testbed': Object.keys(WORKSPACES).filter((name) => name !== '@sluice/cli'),
  '@sluice/cli': Object.keys(WORKSPACES),
};
/** The controller speaks to agents over Redis only: it may know their contract, not their code. */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  '@sluice/controller': ['@sluice/agents/contract'],
};

describe('imports', () => {
  it('go down the arrows only', () => {
    const wrong = sources.flatMap((source) => {
      const { workspace } = source;
      if (workspace === null) return [];
      return source.imports
        .filter((name) => /^@(sluice|oflib)\//.test(name))
        .filter((name) => {
          const target = name.split('/').slice(0, 2).join('/');
          return target !== workspace && !MAY_IMPORT[workspace]?.includes(target);
        })
        .map((name) => `${source.path} imports ${name}`);
    });
    expect(wrong).toEqual([]);
  });

  it('go through the door of a package, never into its folders', () => {
    const wrong = sources.flatMap((source) =>
      source.imports
        .filter((name) => name.startsWith('.'))
        .filter((name) => {
          const folder = source.workspace === null ? null : WORKSPACES[source.workspace];
          if (!folder) return false;
          const depth = source.path.slice(folder.length + 1).split('/').length - 1;
          return (name.match(/\.\.\//g) ?? []).length > depth;
        })
        .map((name) => `${source.path} imports ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  it('of the controller know the agents by their contract alone', () => {
    const wrong = sources
      .filter((source) => source.workspace === '@sluice/controller' && !isTest(source))
      .flatMap((source) =>
        source.imports
          .filter((name) => name.startsWith('@sluice/agents') && !DOORS['@sluice/controller']?.includes(name))
          .map((name) => `${source.path} imports ${name}`),
      );
    expect(wrong).toEqual([]);
  });

  it('of the core stay in core, topology, models, units and the contract', () => {
    const allowed = /^(@sluice\/(units|topology|models|agents\/contract)$|\.\/|\.\.\/)/;
    const core = 'controller/src/core';
    const isInside = (path: string, name: string) =>
      !name.startsWith('.') || posix.join(posix.dirname(path), name).startsWith(`${core}/`);
    const wrong = sources
      .filter((source) => source.path.startsWith(`${core}/`) && !isTest(source))
      .flatMap((source) =>
        source.imports
          .filter((name) => !allowed.test(name) || !isInside(source.path, name))
          .map((name) => `${source.path} imports ${name}`),
      );
    expect(wrong).toEqual([]);
  });
});

describe('pure rooms', () => {
  const PURE = [/^packages\/(units|models)\/src\//, /^topology\/src\//, /^controller\/src\/core\//];
  const IMPURE: readonly (readonly [string, RegExp])[] = [
    ['a clock', /\bDate\b|\bperformance\.|\bhrtime\b/],
    ['randomness', /\bMath\.random\b|\bcrypto\./],
    ['a timer', /\bset(Timeout|Interval|Immediate)\b|\bqueueMicrotask\b/],
    ['async', /\basync\s|\bawait\s|\bnew Promise\b/],
    ['the process', /\bprocess\.|\bconsole\./],
  ];

  it('use no clock, randomness, timer, async, process or Node module', () => {
    const wrong = sources
      .filter((source) => PURE.some((room) => room.test(source.path)) && !isTest(source))
      .flatMap((source) => {
        const code = codeOnly(source.text);
        const found = IMPURE.filter(([, pattern]) => pattern.test(code)).map(
          ([what]) => `${source.path} uses ${what}`,
        );
        const node = source.imports
          .filter((name) => name.startsWith('node:'))
          .map((name) => `${source.path} imports ${name}`);
        return [...found, ...node];
      });
    expect(wrong).toEqual([]);
  });
});

describe('files', () => {
  it('are at most 400 lines long', () => {
    expect(
      sources.filter((source) => source.lines > 400).map((source) => `${source.path}: ${source.lines}`),
    ).toEqual([]);
  });

  it('spell units out', () => {
    const unclear = /\b\w*([a-z](Bps|Mbps|Gbps)|\b[mg]?bps)\b/;
    const wrong = sources
      .filter((source) => source.workspace !== null && !isTest(source))
      .filter((source) => unclear.test(codeOnly(source.text)))
      .map((source) => source.path);
    expect(wrong).toEqual([]);
  });

  it('switch no test off and run none alone', () => {
    const wrong = sources
      .filter((source) => /\.test\.ts$/.test(source.path) && source.path !== 'tidy/tidy.test.ts')
      .filter((source) => /\.(only|todo)\(/.test(source.text))
      .map((source) => source.path);
    expect(wrong).toEqual([]);
  });
});

/** A benchmark that had more room than users have would flatter us (decision 21). */
it('benchmarks run under the flags that the command starts with', () => {
  const text = (path: string) => readFileSync(join(ROOT, path), 'utf8');
  const [first = ''] = text('cli/bin/sluice.mjs').split('\n');
  const flags = /^#!\/usr\/bin\/env -S node (--.+)$/.exec(first)?.[1];
  expect(flags).toBeDefined();
  expect(text('package.json')).toContain(`"bench": "node ${flags} scripts/bench.mjs"`);
});
