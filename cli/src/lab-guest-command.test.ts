import { describe, expect, it } from 'vitest';
import { EXIT } from './exit-code.ts';
import { run } from './testing.ts';

const NO_LAB = ['--lab', 'sl0000'];

describe('sluice lab guest', () => {
  it('says what there is, with examples', async () => {
    const { exitCode, stdout } = await run(['lab', 'guest', '--help']);
    expect(exitCode).toBe(EXIT.ok);
    for (const verb of ['start', 'list', 'load', 'check', 'migrate', 'stop'])
      expect(stdout).toContain(`  ${verb} `);
    expect(stdout).toContain('sluice lab guest migrate web h3');
  });

  it('tells all that is wrong with a load at once, before it looks for the guest', async () => {
    const { exitCode, stderr } = await run([
      'lab',
      'guest',
      'load',
      'web',
      '--dirty-rate',
      '5',
      '--write',
      '64',
      ...NO_LAB,
    ]);
    expect(exitCode).toBe(EXIT.usage);
    expect(stderr).toContain('--dirty-rate 5: A rate needs its unit');
    expect(stderr).toContain('--write 64: A size needs its unit');
  });

  it('refuses a change that changes nothing', async () => {
    const { exitCode, stderr } = await run(['lab', 'guest', 'load', 'web', ...NO_LAB]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: EXIT.usage,
      stderr: 'nothing to change: name at least one setting\n',
    });
  });

  it('does not find a lab that does not stand', async () => {
    const plain = await run(['lab', 'guest', 'list', ...NO_LAB]);
    expect(plain.exitCode).toBe(EXIT.notFound);
    expect(plain.stderr).toContain('lab');
    const json = await run(['lab', 'guest', 'check', 'web', '--json', ...NO_LAB]);
    expect(json.exitCode).toBe(EXIT.notFound);
    expect(JSON.parse(json.stderr)).toMatchObject({ code: 'no_such_lab', wanted: 'sl0000' });
  });

  it('refuses a migration both direct and through a controller', async () => {
    const args = [
      'lab',
      'guest',
      'migrate',
      'web',
      'h2',
      '--direct',
      '--api',
      'http://127.0.0.1:1',
      '--rate',
      '9',
    ];
    const { exitCode, stderr } = await run([...args, ...NO_LAB]);
    expect(exitCode).toBe(EXIT.usage);
    expect(stderr).toContain('--rate 9: A rate needs its unit');
    expect(stderr).toContain('--direct and --api exclude each other');
  });
});
