/** Runs `ip`, `tc` and `ethtool`: argument arrays only, never a shell. The fake beside it records what was asked. */
import { execFile } from 'node:child_process';

/** Commands that change the network take milliseconds; one that hangs must not hang a migration. */
const COMMAND_TIMEOUT_MS = 5000;
const OUTPUT_BYTES_MAX = 4 * 1024 * 1024;

export interface CommandRunner {
  /** Resolves to what it printed. @throws CommandFailure on any exit code but 0 */
  run(command: string, args: readonly string[], input?: string): Promise<string>;
}

export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  constructor(
    readonly command: string,
    readonly args: readonly string[],
    readonly output: string,
    options?: ErrorOptions,
  ) {
    super(`${command} ${args.join(' ')}: ${output.trim() || 'failed'}`, options);
  }
}

export const systemRunner: CommandRunner = {
  run: (command, args, input) =>
    new Promise((resolve, reject) => {
      const child = execFile(
        command,
        [...args],
        { timeout: COMMAND_TIMEOUT_MS, maxBuffer: OUTPUT_BYTES_MAX, encoding: 'utf8' },
        (error, stdout, stderr) => {
          if (error) reject(new CommandFailure(command, args, stderr || error.message, { cause: error }));
          else resolve(stdout);
        },
      );
      if (input !== undefined) {
        child.stdin?.on('error', () => undefined); // Its exit code tells more than a closed pipe.
        child.stdin?.end(input);
      }
    }),
};

/** For tests: remembers each command as one line and answers from a function. */
export function fakeRunner(
  answer: (line: string) => string = () => '',
): CommandRunner & { readonly lines: string[] } {
  const lines: string[] = [];
  return {
    lines,
    run: async (command, args, input) => {
      const line = [command, ...args, ...(input === undefined ? [] : ['<<', input.trim()])].join(' ');
      lines.push(line);
      return answer(line);
    },
  };
}
