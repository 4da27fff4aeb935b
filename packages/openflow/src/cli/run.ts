/** The command `oflib`: which part of it is asked for, and how it ends. */
import { decode } from './decode.ts';
import { encode } from './encode.ts';
import { CommandFailure, EXIT, type ExitCode, type Io, UsageError } from './io.ts';
import { pcap } from './pcap.ts';
import { print } from './print.ts';

interface Command {
  /** Arguments, as one line. */
  readonly usage: string;
  /** One line. */
  readonly summary: string;
  readonly help: string;
  readonly run: (args: readonly string[], io: Io) => Promise<void>;
}

const COMMANDS: ReadonlyMap<string, Command> = new Map(Object.entries({ print, encode, decode, pcap }));

/** Runs the command of these arguments. Errors of other kinds than ours are faults of the program and escape. */
export async function run(args: readonly string[], io: Io): Promise<ExitCode> {
  const [name = '--help', ...rest] = args;
  try {
    if (name === '--help' || name === '-h' || name === 'help') {
      await io.write(helpOf(rest[0]));
      return args.length === 0 ? EXIT.usage : EXIT.ok;
    }
    const command = COMMANDS.get(name);
    if (command === undefined) throw new UsageError(`there is no command "${name}"`);
    if (rest.includes('--help') || rest.includes('-h')) await io.write(helpOf(name));
    else await command.run(rest, io);
    return EXIT.ok;
  } catch (error) {
    if (error instanceof CommandFailure) {
      io.complain(`oflib: ${error.message}\n`);
      return EXIT.failure;
    }
    if (error instanceof UsageError || isParseArgsError(error)) {
      const usage = COMMANDS.get(name)?.usage;
      const hint = usage === undefined ? 'oflib --help' : `oflib ${name} ${usage}`;
      io.complain(`oflib: ${(error as Error).message}\nusage: ${hint}\n`);
      return EXIT.usage;
    }
    throw error;
  }
}

const isParseArgsError = (error: unknown): boolean =>
  error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');

function helpOf(name: string | undefined): string {
  const command = name === undefined ? undefined : COMMANDS.get(name);
  if (command !== undefined) return `oflib ${name} ${command.usage}\n\n${command.help}\n`;
  const width = Math.max(...[...COMMANDS.keys()].map((key) => key.length));
  const lines = [...COMMANDS].map(([key, { summary }]) => `  ${key.padEnd(width)}  ${summary}`);
  return `oflib: OpenFlow 1.0 to 1.5 on the command line\n\n${lines.join('\n')}\n\noflib COMMAND --help tells more. Exit codes: 0 done, 1 could not be done, 2 called wrongly.\n`;
}
