// Quotes, and what hangs on them: the request that relies on one, and the commit of what was only held.
import { createMemoryStore, type MigrationRecord } from '@sluice/controller';
import { startTestController, type TestController } from '@sluice/controller/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from './exit-code.ts';
import { run } from './testing.ts';

describe('sluice migration quote', () => {
  let test: TestController<ReturnType<typeof createMemoryStore>>;
  beforeEach(async () => {
    test = await startTestController({ store: createMemoryStore() });
  });
  afterEach(async () => {
    process.exitCode = undefined;
    await test.close();
  });
  const sluice = (...args: string[]) => run(args, { env: { SLUICE_API: test.url } });
  const quoted = async (...args: string[]) => {
    const { stdout } = await sluice('migration', 'quote', 'web', 'h2', ...args, '--json');
    return JSON.parse(stdout) as { accepted: boolean; etag: string; guaranteedBitsPerSec: number };
  };

  it('says what would be promised and taken, and promises nothing', async () => {
    const { stdout, stderr } = await sluice('migration', 'quote', 'web', 'h2');
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^path +h1 /);
    expect(stdout).toMatch(/^guaranteed +.* Mbit\/s, at most .* Mbit\/s$/m);
    expect(stdout).toContain('if it writes more');
    expect(process.exitCode).toBe(EXIT.ok);
    expect((await sluice('migration', 'list')).stdout).not.toContain('web');
  });

  it('says of what would be refused which changes pass', async () => {
    const { stdout } = await sluice('migration', 'quote', 'web', 'h2', '--deadline', '1s');
    expect(stdout).toContain('would be refused: deadline_infeasible');
    const deadline = /Each of these would pass:\n {2}--deadline (\S+)\n/.exec(stdout)?.[1];
    expect(deadline).toMatch(/^\d+(\.\d+)?s$/);
    expect(process.exitCode).toBe(EXIT.refused);
  });

  it('is kept by a request that names it, and refused when it is no longer so', async () => {
    test.agents.pauseAfterRound(0);
    const { etag } = await quoted();
    const stale = await sluice('migration', 'create', 'web', 'h2', '--rate-max', '9Mbit/s', '--quote', etag);
    expect(stale.exitCode).toBe(EXIT.refused);
    expect(stale.stderr).toContain('quote');
    const kept = await sluice('migration', 'create', 'web', 'h2', '--id', 'kept', '--quote', etag);
    expect(kept).toMatchObject({ exitCode: EXIT.ok, stdout: 'kept\n' });
  });

  it('can be followed by a hold, which a commit makes real', async () => {
    test.agents.pauseAfterRound(0);
    const limits = ['--priority', '7', '--mechanism', 'precopy', 'hybrid', '--throttle-max', '0.3'];
    await sluice('migration', 'create', 'web', 'h2', '--id', 'm', '--hold', '5min', ...limits);
    const held = JSON.parse((await sluice('migration', 'show', 'm', '--json')).stdout) as MigrationRecord;
    expect(held.phase).toBe('held');
    const committed = await sluice('migration', 'commit', 'm');
    expect(committed.exitCode).toBe(EXIT.ok);
    expect(committed.stdout).not.toContain('held');
  });

  it.each([
    ['--priority', '10'],
    ['--throttle-max', '1'],
    ['--mechanism', 'teleport'],
  ])('refuses %s %s', async (option, value) => {
    const { exitCode } = await sluice('migration', 'quote', 'web', 'h2', option, value);
    expect(exitCode).toBe(EXIT.usage);
  });
});
