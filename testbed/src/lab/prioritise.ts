/** Who goes first when there are fewer processors than work. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';

/**
 * For all threads of the process, -20 (goes first) to 19. Linux shares the processor among sessions before it looks at
 * the processes in them (autogroup), and every process of the lab leads a session of its own: so a niceness counts only
 * when the session has it too.
 */
export function prioritise(pid: number, niceness: number): void {
  for (const thread of readdirSync(`/proc/${pid}/task`)) setPriority(Number(thread), niceness);
  const path = `/proc/${pid}/autogroup`;
  if (existsSync(path)) writeFileSync(path, String(niceness));
}
