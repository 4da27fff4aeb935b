/** Door of the command line, for tests and for programs that embed it. */
export { CliError, EXIT, type ExitCode } from './exit-code.ts';
export { type Io, ioOf, processIo } from './io.ts';
export { runCli } from './program.ts';
