/** Every speed and size goal of the library, each beside a peer or a floor of the same run. */
import { codec } from './codec.ts';
import { learningSwitch } from './learning-switch.ts';
import { memory } from './memory.ts';
import { openVswitch } from './open-vswitch.ts';

export async function run(): Promise<{ readonly name: string; readonly lines: readonly string[] }> {
  return {
    name: '@oflib/openflow',
    lines: [...(await codec()), ...(await learningSwitch()), ...(await memory()), ...(await openVswitch())],
  };
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { lines } = await run();
  for (const line of lines) console.log(line);
}
