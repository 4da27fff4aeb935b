/**
 * `node dist/main.js --config FILE [--stop-vms]`: one agent in the foreground, in the network namespace it was
 * started in. SIGTERM and SIGINT end it cleanly. Exit code 2: the configuration was refused.
 * `--config FILE --take-back VMID`: no agent, but the operator's word that the copy of this VM that stayed paused
 * here after a broken switchover is to run again, because the other one does not.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startAgent } from './agent.ts';
import { type AgentConfigInput, ConfigError, parseAgentConfig } from './config.ts';
import { takeBackVm } from './emulated/take-back.ts';

const { values } = parseArgs({
  options: {
    config: { type: 'string' },
    'stop-vms': { type: 'boolean' },
    'take-back': { type: 'string' },
  },
});

const TAKE_BACK_ELSEWHERE = {
  qemu: 'a QEMU guest is resumed by `cont` on its monitor',
  libvirt: 'a domain is resumed by `virsh resume`',
} as const;

try {
  if (values.config === undefined)
    throw new ConfigError([{ path: '--config', message: 'which file? --config FILE [--stop-vms]' }]);
  if (values['take-back'] !== undefined) {
    const { hypervisor } = parseAgentConfig(readConfig(values.config));
    if (hypervisor.kind !== 'emulated')
      throw new ConfigError([{ path: '--take-back', message: TAKE_BACK_ELSEWHERE[hypervisor.kind] }]);
    await takeBackVm(parseAgentConfig(readConfig(values.config)).stateDir, values['take-back']);
    process.exit(0);
  }
  const starting = startAgent(readConfig(values.config));
  // A signal during the start waits for it: what was half started would be left behind.
  let closing = false;
  const close = (): void => {
    if (closing) return;
    closing = true;
    const options = values['stop-vms'] ? { destroyVms: true } : {};
    void starting
      .then((agent) => agent.close(options))
      .then(
        () => process.exit(0),
        () => process.exit(1),
      );
  };
  process.on('SIGTERM', close);
  process.on('SIGINT', close);
  await starting;
} catch (error) {
  console.error(error instanceof Error ? `${error.name}: ${error.message}` : error);
  process.exit(error instanceof ConfigError ? 2 : 1);
}

function readConfig(path: string): AgentConfigInput {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new ConfigError([{ path, message }]);
  }
}
