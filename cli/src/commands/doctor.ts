/** `sluice doctor`: whether this machine can run a lab, and what to do about it if not. */
import type { Command } from 'commander';
import pc from 'picocolors';
import { EXIT } from '../exit-code.ts';
import { ioOf } from '../io.ts';

export function register(program: Command): void {
  program
    .command('doctor')
    .description('check whether this machine can run migrations on real parts')
    .option('--load', 'also load a private switch for some seconds: does a reservation hold?')
    .option('--json', 'print the answers as JSON')
    .action(async (options: { load?: boolean; json?: boolean }) => {
      const { runDoctor } = await import('@sluice/testbed');
      const io = ioOf(program);
      const checks = await runDoctor({ load: options.load ?? false });
      const failed = checks.filter((check) => check.status === 'fail');
      process.exitCode = failed.length > 0 ? EXIT.failed : EXIT.ok;
      if (options.json) {
        io.out(`${JSON.stringify({ checks }, null, 2)}\n`);
        return;
      }
      const { green, yellow, red, dim } = pc.createColors(io.color);
      const marks = { ok: green('ok  '), warn: yellow('warn'), fail: red('FAIL') };
      const width = Math.max(0, ...checks.map((check) => check.name.length));
      for (const { name, status, detail, fix } of checks) {
        io.out(`${marks[status]}  ${name.padEnd(width)}  ${detail}\n`);
        if (fix !== undefined && status !== 'ok') io.out(`      ${' '.repeat(width)}  ${dim(`→ ${fix}`)}\n`);
      }
      io.out(
        failed.length > 0
          ? '\nStories still run in virtual time: sluice demo --simulate\n'
          : `\nThis machine can run migrations on real parts${options.load ? '' : '; --load tries a reservation under load'}.\n`,
      );
    });
}
