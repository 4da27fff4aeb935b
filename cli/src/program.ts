/** The `sluice` command: puts the verbs together, runs one, and turns every end into an exit code. */
import { Command, CommanderError } from 'commander';
import * as agent from './commands/agent.ts';
import * as config from './commands/config.ts';
import * as controller from './commands/controller.ts';
import * as events from './commands/events.ts';
import * as explainRate from './commands/explain.ts';
import * as host from './commands/host.ts';
import * as migration from './commands/migration.ts';
import * as model from './commands/model.ts';
import * as reservation from './commands/reservation.ts';
import * as topology from './commands/topology.ts';
import { CliError, EXIT } from './exit-code.ts';
import { attachIo, type Io } from './io.ts';

/** Verbs that need the testbed; loaded only when one of them, or the list of all, is asked for. */
const TESTBED_VERBS: Readonly<Record<string, () => Promise<{ register(program: Command): void }>>> = {
  demo: () => import('./commands/demo.ts'),
  lab: () => import('./commands/lab.ts'),
  simulate: () => import('./commands/simulate.ts'),
  doctor: () => import('./commands/doctor.ts'),
};

/** Runs `sluice` with these arguments. Never rejects; errors are on `io.err`. */
export async function runCli(args: readonly string[], io: Io): Promise<number> {
  const program = await createProgram(args, io);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return Number(process.exitCode ?? EXIT.ok);
  } catch (error) {
    return explain(error, args, io);
  }
}

async function createProgram(args: readonly string[], io: Io): Promise<Command> {
  const program = new Command('sluice')
    .description('bandwidth for live migration: reservations in the network, the same rate at the hypervisor')
    .version('0.1.0')
    .exitOverride()
    .configureOutput({
      writeOut: io.out,
      writeErr: io.err,
      getOutHasColors: () => io.color,
      getErrHasColors: () => io.color,
    })
    .showHelpAfterError('(sluice --help lists what there is)')
    .addHelpText(
      'after',
      `
Examples:
  sluice demo                                     a real migration over real Open vSwitch, side by side with an unmanaged one
  sluice migration create web h3 --wait           migrate and follow
  sluice reservation list --link "s1:2>s2:2"      who holds what
  sluice config check /etc/sluice/controller.yaml

Rates and times carry their unit: 60Mbit/s, 7.5MB/s, 300ms. Data goes to stdout, narration to stderr.
Exit codes: 0 ok, 1 failed, 2 usage or bad configuration, 3 not found, 4 refused, 6 unreachable, 124 timeout, 130 interrupted.`,
    );
  attachIo(program, io);
  const asked = args.find((arg) => !arg.startsWith('-'));
  const isAboutAll = asked === undefined || asked === 'help';
  for (const [verb, load] of Object.entries(TESTBED_VERBS))
    if (isAboutAll || asked === verb) (await load()).register(program);
  for (const { register } of [
    migration,
    reservation,
    topology,
    host,
    events,
    explainRate,
    controller,
    agent,
    config,
    model,
  ])
    register(program);
  return program;
}

function explain(error: unknown, args: readonly string[], io: Io): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof CliError) {
    const isJson = args.includes('--json') || args.join(' ').match(/(-o|--output)[ =]?json/) !== null;
    io.err(isJson && error.problem ? `${JSON.stringify(error.problem)}\n` : `${error.message}\n`);
    return error.exitCode;
  }
  if (io.signal.aborted) return EXIT.interrupted;
  io.err(`${error instanceof Error ? error.message : String(error)}\n`);
  return error instanceof Error && error.name === 'ConfigError' ? EXIT.usage : EXIT.failed;
}
