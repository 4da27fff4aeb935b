import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { encodePacket, writePcap } from '../packet/index.ts';
import { LINE_CHARS_MAX } from './line-splitter.ts';
import { run } from './run.ts';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const DEADLINE_MS = 120_000;
const HELLO = '0400000800000001';
const FLOW =
  '040e006000000000000000000000000000000000000000000000000000000009ffffffffffffffffffffffff000000000001001580000a020800800014010680001c020050000000000400180000000000000010000000020000000000000000';

const folder = mkdtempSync(join(tmpdir(), 'oflib-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** From source, so that the test needs no build. */
const start = (args: readonly string[]): ChildProcessWithoutNullStreams =>
  spawn(process.execPath, ['--conditions=source', '--import', 'tsx', main, ...args]);

async function oflib(args: readonly string[], input = ''): Promise<Ended> {
  const child = start(args);
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    err += String(chunk);
  });
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, out, err };
}

/** The same without a process. */
async function inside(args: readonly string[]): Promise<Ended> {
  let [out, err] = ['', ''];
  const code = await run(args, {
    stdin: (async function* () {})(),
    write: (text) => {
      out += text;
      return undefined;
    },
    complain: (text) => {
      err += text;
    },
  });
  return { code, out, err };
}

describe('oflib', { timeout: DEADLINE_MS }, () => {
  it('tells its commands, and each of them its arguments', async () => {
    const all = await inside(['--help']);
    expect(all.code).toBe(0);
    for (const name of ['print', 'encode', 'decode', 'pcap']) {
      expect(all.out).toContain(`  ${name}`);
      const one = await inside([name, '--help']);
      expect([one.code, one.out.split('\n')[0]?.startsWith(`oflib ${name} `)]).toEqual([0, true]);
    }
  });

  it('ends with 2 when it is called wrongly', async () => {
    const calls = [
      [],
      ['brew'],
      ['decode'],
      ['print'],
      ['print', '--loud'],
      ['encode', '1.9', 'add-flow', ''],
      ['pcap'],
    ];
    for (const args of calls) expect([args, (await inside(args)).code]).toEqual([args, 2]);
  });

  it('encodes a flow as ovs-ofctl does', async () => {
    const text = 'priority=9,tcp,tcp_dst=80,actions=output:2';
    expect(await oflib(['encode', '1.3', 'add-flow', text])).toEqual({ code: 0, out: `${FLOW}\n`, err: '' });
    const named = await oflib(
      ['encode', 'OpenFlow13', 'add-flows', '-', '--xid', '258'],
      `# one\n${text}\n\n${text}\n`,
    );
    const [first, second] = named.out.split('\n');
    expect([first?.slice(8, 16), second?.slice(8, 16)]).toEqual(['00000102', '00000103']);
    expect((await inside(['encode', '4', 'add-flow', text])).out).toBe(`${FLOW}\n`);
  });

  it('says all that is wrong with a text, and ends with 1', async () => {
    const { code, out, err } = await oflib([
      'encode',
      '1.3',
      'add-flow',
      'tcp,nw_srcc=1,actions=output:2,bla',
    ]);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/at 4, "nw_srcc": .*did you mean "nw_src"/);
    expect(err).toMatch(/at 31, "bla": /);
  });

  it('decodes line by line, and goes on after garbage', async () => {
    const garbage = ['', 'zz', '0', '04000009', `${HELLO}00`, 'f'.repeat(LINE_CHARS_MAX + 1)];
    const { code, out } = await oflib(['decode', '--lines'], `${[FLOW, ...garbage, HELLO].join('\n')}`);
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(code).toBe(0);
    expect(lines.map(({ ok }) => ok)).toEqual([true, ...garbage.map(() => false), true]);
    expect(lines[0]).toMatchObject({ version: 4, type: 'flow_mod', reencoded: FLOW });
    expect(lines[0].message.cookie).toBe('0');
    for (const { error } of lines.slice(1, -1))
      expect(Object.keys(error)).toEqual(['type', 'code', 'offset', 'path', 'message']);
    expect(lines.at(-1)).toEqual({
      ok: true,
      version: 4,
      type: 'hello',
      message: { type: 'hello', elements: [] },
      reencoded: HELLO,
    });
  });

  it('prints messages from arguments and from standard input', async () => {
    const { code, out } = await oflib(['print', FLOW, '-'], `${HELLO}\n${HELLO}\n`);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^OFPT_FLOW_MOD \(OF1\.3\) .*tp_dst=80 actions=output:2\nOFPT_HELLO [\s\S]*\nOFPT_HELLO /,
    );
    const wrong = await inside(['print', '040e']);
    expect([wrong.code, wrong.out]).toEqual([1, '']);
  });

  it('reads the messages of a capture, whatever segments they come in', async () => {
    const bytes = Buffer.from(HELLO + FLOW, 'hex');
    const cuts = [0, 5, 30, bytes.length];
    const packets = cuts.slice(1).map((end, index) => ({
      timestampNs: 1_700_000_000_000_000_000n + BigInt(index),
      data: segment(bytes.subarray(cuts[index], end), 1 + (cuts[index] ?? 0)),
    }));
    const file = join(folder, 'one.pcap');
    writeFileSync(file, writePcap(packets));
    const { code, out } = await oflib(['pcap', file]);
    expect(code).toBe(0);
    const lines = out
      .trimEnd()
      .split('\n')
      .filter((line) => !line.startsWith(' '));
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^2023-11-14T22:13:20\.\d{9}Z 10\.0\.0\.1:40000 > 10\.0\.0\.2:6653: OFPT_HELLO/);
    const json = (await inside(['pcap', '--json', file])).out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(json.map(({ type, dstPort }) => [type, dstPort])).toEqual([
      ['hello', 6653],
      ['flow_mod', 6653],
    ]);
  });

  it('ends with 1 when the capture is none', async () => {
    const file = join(folder, 'none.pcap');
    writeFileSync(file, 'no capture');
    expect((await inside(['pcap', file])).code).toBe(1);
    expect((await inside(['pcap', join(folder, 'missing')])).code).toBe(1);
  });

  it('ends quietly when its reader goes away', async () => {
    const child = start(['decode', '--lines']);
    let err = '';
    child.stderr.on('data', (chunk) => {
      err += String(chunk);
    });
    child.stdin.on('error', () => undefined);
    child.stdout.once('data', () => child.stdout.destroy());
    const many = `${`${FLOW}\n`.repeat(20_000)}`;
    child.stdin.end(many);
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    expect([code, err]).toEqual([0, '']);
  });
});

function segment(payload: Uint8Array, seq: number): Uint8Array {
  return encodePacket([
    { type: 'ethernet', src: '02:00:00:00:00:01', dst: '02:00:00:00:00:02' },
    { type: 'ipv4', src: '10.0.0.1', dst: '10.0.0.2' },
    { type: 'tcp', srcPort: 40000, dstPort: 6653, seq, flags: 0x18 },
    { type: 'payload', data: payload },
  ]);
}
