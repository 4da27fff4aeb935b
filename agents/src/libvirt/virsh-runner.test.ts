/** Processes in place of virsh: a shell that does what virsh does badly. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf, type VirshRunner, virshRunner, wordsOf } from './virsh-runner.ts';

describe('the virsh runner', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'slr-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const runnerOf = async (script: string): Promise<VirshRunner> => {
    const path = join(folder, 'virsh');
    await writeFile(path, script);
    return virshRunner(['sh', path], 'qemu:///system');
  };

  it('names the daemon and speaks English, whatever the user does', async () => {
    const runner = await runnerOf('echo "$LC_ALL" "$@"');
    expect(await runner.run(['list', '--name'])).toBe('C -q -c qemu:///system list --name\n');
  });

  it('gives nothing to a shell', async () => {
    const runner = await runnerOf('echo "$5"');
    expect(await runner.run(['domstate', '$(id); x'])).toBe('$(id); x\n');
  });

  it('ends what does not answer', async () => {
    const runner = await runnerOf('exec sleep 60');
    await expect(runner.run(['list'], 50)).rejects.toMatchObject({
      ...{ code: 'timed_out', message: 'virsh list: no answer within 50 ms' },
    });
  });

  it('passes words on that virsh said no with', async () => {
    const runner = await runnerOf('echo "error: failed to get domain x" >&2; exit 1');
    await expect(runner.run(['domstate', 'x'])).rejects.toMatchObject({
      ...{ code: 'no_domain', message: 'virsh domstate: failed to get domain x' },
    });
  });

  it('says that there is no virsh', async () => {
    const runner = virshRunner([join(folder, 'none')], 'qemu:///system');
    await expect(runner.run(['list'])).rejects.toMatchObject({ code: 'not_installed' });
    expect(await runner.follow(['event'], () => undefined).ended).toMatchObject({ exitCode: null });
  });

  it('tells lines as they come, and the end with its words', async () => {
    const runner = await runnerOf('printf "one\\ntw"; printf "o\\n"; echo "error: gone" >&2; exit 3');
    const lines: string[] = [];
    const { ended } = runner.follow(['event'], (line) => lines.push(line));
    expect(await ended).toEqual({ exitCode: 3, words: 'gone' });
    expect(lines).toEqual(['one', 'two']);
  });

  it('ends what it follows when it is told to', async () => {
    const runner = await runnerOf('exec sleep 60');
    const run = runner.follow(['event'], () => undefined);
    run.stop();
    expect(await run.ended).toMatchObject({ exitCode: null });
  });
});

describe('words of virsh', () => {
  it.each([
    ["error: failed to get domain 'vm'", 'no_domain'],
    ['error: Requested operation is not valid: domain is not running', 'no_domain'],
    ['error: failed to connect to the hypervisor\nerror: Failed to connect socket', 'no_connection'],
    ['error: End of file while reading data: Input/output error', 'no_connection'],
    ['error: Requested operation is not valid: no job is active on the domain', 'no_job'],
    ['error: internal error: unable to execute QEMU command', 'refused'],
  ])('%s', (stderr, code) => {
    expect(codeOf(wordsOf(stderr))).toBe(code);
  });
});
