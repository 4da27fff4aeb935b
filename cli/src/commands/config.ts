/** `sluice config check`: everything that is wrong with a file, with its place; nothing is started. */
import { readFile } from 'node:fs/promises';
import { ConfigError as AgentConfigError, parseAgentConfig } from '@sluice/agents';
import { ConfigError, type ConfigProblem, formatProblem, loadConfig } from '@sluice/controller';
import { type Command, Option } from 'commander';
import { parse as parseYaml } from 'yaml';
import { CliError, EXIT } from '../exit-code.ts';
import { ioOf } from '../io.ts';

interface CheckOptions {
  readonly kind: 'controller' | 'agent';
  readonly json?: boolean;
}

export function register(program: Command): void {
  const config = program.command('config').description('work with configuration files');
  config
    .command('check <file>')
    .description('check the configuration of a controller or an agent (exit code 2 when it is bad)')
    .addOption(new Option('--kind <kind>', 'whose').choices(['controller', 'agent']).default('controller'))
    .option('--json', 'problems as JSON')
    .action(async (file: string, options: CheckOptions, command: Command) => {
      const io = ioOf(command);
      const problems = await problemsOf(file, options.kind);
      if (options.json)
        io.out(`${JSON.stringify({ file, valid: problems.length === 0, problems }, null, 2)}\n`);
      else for (const problem of problems) io.err(`${formatProblem(problem)}\n`);
      if (problems.length > 0) throw new CliError(EXIT.usage, `${file}: ${problems.length} problem(s)`);
      if (!options.json) io.out(`${file}: good\n`);
    });
}

async function problemsOf(file: string, kind: CheckOptions['kind']): Promise<readonly ConfigProblem[]> {
  const nowhere = { file, line: null, column: null };
  try {
    if (kind === 'controller') await loadConfig(file);
    else parseAgentConfig(parseYaml(await readFile(file, 'utf8')));
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    if (error instanceof AgentConfigError)
      return error.problems.map((problem) => ({ ...nowhere, ...problem }));
    return [{ ...nowhere, path: '', message: error instanceof Error ? error.message : String(error) }];
  }
}
