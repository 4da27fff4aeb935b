/** The part of the corpus that ovs-ofctl sends: every line of `lines/` in every version. */
import { readSections, type Section, splitArguments } from './lines.ts';
import { hasOvsOfctl, OvsOfctl, type Run, type WireVersion } from './ovs-ofctl.ts';

export interface Sent {
  readonly version: WireVersion;
  /** The section and options that it was sent with, for example `add-flows --bundle`. */
  readonly command: string;
  readonly text: string;
  readonly bytes: Buffer;
}

export interface Refused {
  readonly version: WireVersion;
  readonly command: string;
  readonly text: string;
  /** What ovs-ofctl said. */
  readonly reason: string;
}

/** Flow formats of OpenFlow 1.0, each with and without the flow table in the command; the others have one each. */
const FORMATS: readonly string[] = ['OpenFlow10+table_id', 'NXM+table_id'];
/** Lines in one run; when one is refused, all are sent again without it. */
const LINES_PER_RUN = 24;
const BARRIERS: ReadonlySet<number> = new Set([18, 20]);

export async function fromOfctl(version: WireVersion): Promise<{ sent: Sent[]; refused: Refused[] }> {
  if (!hasOvsOfctl()) throw new Error('ovs-ofctl is missing (package openvswitch-switch)');
  const one = new Recorder(version);
  await one.program.start();
  try {
    for (const section of readSections()) await one.section(section);
  } finally {
    one.program.stop();
  }
  return { sent: one.sent, refused: one.refused };
}

class Recorder {
  readonly program: OvsOfctl;
  readonly sent: Sent[] = [];
  readonly refused: Refused[] = [];
  private readonly seen = new Set<string>();

  constructor(private readonly version: WireVersion) {
    this.program = new OvsOfctl(version);
  }

  async section({ kind, options, lines }: Section): Promise<void> {
    if (kind === 'run' || kind === 'monitor') {
      for (const line of lines)
        await this.once(line, { args: splitArguments(line), isEndless: kind === 'monitor' });
    } else if (kind === 'bundle') {
      await this.once(`bundle of ${lines.join('; ')}`, {
        args: ['bundle', 'BR', '-'],
        input: `${lines.join('\n')}\n`,
      });
    } else {
      const formats =
        kind === 'add-flows' && this.version === 1 && options.length === 0 ? FORMATS : [undefined];
      for (const format of formats) {
        const given = format === undefined ? options : [...options, '-F', format];
        for (let at = 0; at < lines.length; at += LINES_PER_RUN)
          await this.batch(kind, given, lines.slice(at, at + LINES_PER_RUN));
      }
    }
  }

  private async once(text: string, run: Run): Promise<void> {
    const { messages, exitCode, errors } = await this.program.run(run);
    const command = 'ovs-ofctl';
    for (const bytes of messages) this.keep(command, text, bytes);
    if (exitCode !== 0 && run.isEndless !== true) this.refuse(command, text, errors);
  }

  /** A line that is refused refuses all of its run: it is found, left out, and the others are sent again. */
  private async batch(kind: string, options: readonly string[], lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return;
    const input = `${lines.join('\n')}\n`;
    const { messages, exitCode, errors } = await this.program.run({
      args: [...options, kind, 'BR', '-'],
      input,
    });
    const command = [kind, ...options].join(' ');
    const at = Number(/^ovs-ofctl: -:(\d+):/m.exec(errors)?.[1] ?? 0) - 1;
    if (exitCode === 0 || lines.length === 1) {
      this.keepAll(command, lines, messages);
      if (exitCode !== 0) this.refuse(command, lines[0] ?? '', errors);
    } else if (at >= 0) {
      this.refuse(command, lines[at] ?? '', errors);
      await this.batch(
        kind,
        options,
        lines.filter((_, index) => index !== at),
      );
    } else {
      const middle = lines.length >>> 1;
      await this.batch(kind, options, lines.slice(0, middle));
      await this.batch(kind, options, lines.slice(middle));
    }
  }

  /** The n-th modification comes from the n-th line; handshakes and barriers around it from none. */
  private keepAll(command: string, lines: readonly string[], messages: readonly Buffer[]): void {
    const modifications = messages.filter((bytes) => isModification(bytes));
    for (const bytes of messages) {
      const at = modifications.length === lines.length ? modifications.indexOf(bytes) : -1;
      this.keep(command, at < 0 ? '' : (lines[at] ?? ''), bytes);
    }
  }

  /** The same message with another transaction id is the same. */
  private keep(command: string, text: string, bytes: Buffer): void {
    const key = bytes.toString('hex', 0, 4) + bytes.toString('hex', 8);
    if (this.seen.has(key)) return;
    this.seen.add(key);
    const version = bytes[0] === undefined ? this.version : (bytes[0] as WireVersion);
    this.sent.push({ version, command, text, bytes });
  }

  private refuse(command: string, text: string, errors: string): void {
    const reason = /^ovs-ofctl: (.*)$/m.exec(errors)?.[1] ?? errors.trim();
    this.refused.push({ version: this.version, command, text, reason: reason.replace(/^-:\d+: /, '') });
  }
}

/** FLOW_MOD, GROUP_MOD, Nicira's of both, bundle additions: not what surrounds them. */
function isModification(bytes: Buffer): boolean {
  const type = bytes[1] ?? 0;
  const isHandshake = type <= 3 || type === 5 || type === 7 || (bytes[0] === 1 ? type === 16 : type === 18);
  if (isHandshake || BARRIERS.has(type) || type === 33) return false;
  if (type !== 4) return true;
  const kind = bytes.readUInt32BE(12);
  // NXT_FLOW_MOD and NXT_GROUP_MOD; ONF's bundle addition.
  return bytes.readUInt32BE(8) === 0x2320 ? kind === 13 || kind === 31 : kind === 2301;
}
