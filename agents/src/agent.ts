/**
 * The host agent: tells the controller about this host's NIC and VMs, carries out its commands. It decides nothing
 * about rates; it applies them at the sender and on the NIC, and reports what happened.
 */
import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { bitsPerSec, instant, millis, toSeconds } from '@sluice/units';
import { type Logger, pino } from 'pino';
import { startIntake } from './command-intake.ts';
import { carryOut } from './commands.ts';
import { type AgentConfig, type AgentConfigInput, parseAgentConfig } from './config.ts';
import { REPORTS_MAXLEN, streamNames } from './contract/index.ts';
import { destroyVms } from './emulated/destroy-vms.ts';
import { EmulatedDriver } from './emulated/driver.ts';
import { stateDirPaths } from './emulated/state-dir.ts';
import { openEpochStore } from './epoch-store.ts';
import { DriverFailure, type HypervisorDriver } from './hypervisor.ts';
import { startLease } from './lease.ts';
import { LibvirtDriver } from './libvirt/driver.ts';
import { migrationReporter } from './migration-reporter.ts';
import { type Arrivals, bridgeArrivals, noArrivals } from './nic/arrivals.ts';
import { LoadMeter, readCounters } from './nic/load.ts';
import { rememberingNic } from './nic/remembered.ts';
import { htbShaper, type NicShaper, unshapedNic } from './nic/shaping.ts';
import { QemuDriver } from './qemu/driver.ts';
import { connectRedis, READ_BLOCK_MS } from './redis.ts';
import { reportOutbox } from './report-outbox.ts';
import { systemRunner } from './run-command.ts';
import { vmProfiles } from './vm-profiles.ts';

/** Commands read at once; a controller sends a handful per second. */
const READ_COUNT = 64;
/** At the end, what became of migrations is still told if Redis takes it within this. */
const FLUSH_LIMIT_MS = 500;

export interface RunningAgent {
  /** Cancels migrations, takes its HTB off the NIC. VMs go on unless the configuration or this says otherwise. */
  close(options?: { readonly destroyVms?: boolean }): Promise<void>;
}

/** The host cannot be served as configured. */
export class AgentFailure extends Error {
  override readonly name = 'AgentFailure';
  constructor(
    readonly code: 'no_such_device' | 'wrong_namespace',
    message: string,
  ) {
    super(message);
  }
}

/**
 * Starts the agent inside this process and its network namespace; Redis may come later.
 * @throws ConfigError, AgentFailure, NicFailure
 */
export async function startAgent(input: AgentConfigInput): Promise<RunningAgent> {
  const config = parseAgentConfig(input);
  const log = pino({ base: { hostId: config.hostId }, level: config.logLevel });
  await checkNamespace(config);
  const nicMac = macOf(config);
  const names = streamNames(config.prefix);
  const redis = connectRedis(config.redis, 'commands');
  const blockingRedis = connectRedis(config.redis, 'blocking');

  const outbox = reportOutbox({
    hostId: config.hostId,
    bootId: randomUUID(),
    send: (json) => redis.xadd(names.reports, 'MAXLEN', '~', REPORTS_MAXLEN, '*', 'json', json),
    onOutage: ({ kind, dropped }) => log.warn({ event: `redis_outage_${kind}`, dropped }),
  });
  const shaper: NicShaper =
    config.nic.shaping === 'none'
      ? unshapedNic
      : htbShaper({
          device: config.nic.device,
          capacity: bitsPerSec(config.nic.capacityBitsPerSec),
          runner: systemRunner,
        });
  const nic = await rememberingNic(shaper, stateDirPaths(config.stateDir).nic);
  const arrivals: Arrivals =
    config.nic.shaping === 'none'
      ? noArrivals
      : bridgeArrivals({ device: config.nic.device, runner: systemRunner });
  const driver = driverFor(config, log);
  const profiles = vmProfiles(driver);
  const reporter = migrationReporter({ nic, arrivals, profiles, publish: outbox.publish, log });

  const publishProfile = async (): Promise<void> => {
    const { device, ip, capacityBitsPerSec } = config.nic;
    const vms = await profiles.list();
    const capabilities = [...driver.capabilities()].sort();
    const nicProfile = { device, mac: nicMac, ip, capacityBitsPerSec };
    outbox.publish({ kind: 'host_profile', nic: nicProfile, vms, capabilities });
    await nic.setGuests(vms.map(({ mac }) => mac));
  };
  const tolerate = (what: string) => (error: unknown) => log.error({ err: error, event: what });

  try {
    await nic.start();
    await arrivals.start();
    await driver.start({
      onEvent: (event) => reporter.take(event),
      onVmsChanged: () => void publishProfile().catch(tolerate('profile_failed')),
    });
    await reporter.settled(); // What was taken up is on the NIC before a command can change it.
  } catch (error) {
    redis.disconnect();
    blockingRedis.disconnect();
    outbox.close();
    await nic.close().catch(() => undefined);
    throw error;
  }
  await publishProfile();

  const loadMeter = new LoadMeter(() => readCounters('/proc/self/net/dev', config.nic.device), now);
  await Promise.all([loadMeter.sample(), profiles.sample()]); // The first heartbeat has something to compare with.
  const beat = async (): Promise<void> => {
    const [{ tx, rx, interval }, vms] = await Promise.all([loadMeter.sample(), profiles.sample()]);
    const intervalSec = toSeconds(interval);
    outbox.publish({ kind: 'nic_load', txBitsPerSec: tx, rxBitsPerSec: rx, intervalSec, vms });
  };
  const lease = startLease({
    duration: millis(config.leaseMs),
    now,
    onLost: (silent) => {
      log.warn({ event: 'lease_lost', silentMs: silent });
      for (const migrationId of nic.migrations()) cancelQuietly(driver, migrationId);
    },
  });
  let hasSeenController = false;
  const listen = async (): Promise<void> => {
    const found = await redis.exists(names.controllerSign).catch(() => null);
    if (found === 1) hasSeenController = true;
    lease.renew({ redis: found !== null, controller: hasSeenController ? found === 1 : null });
  };
  let beating = false;
  const heartbeat = setInterval(() => {
    if (beating) return; // A VM process that does not answer delays this one; the next must not pile up.
    beating = true;
    void Promise.all([beat(), listen()])
      .catch(tolerate('heartbeat_failed'))
      .finally(() => {
        beating = false;
      });
  }, config.heartbeatMs);

  const commands = names.commands(config.hostId);
  const intake = startIntake({
    stream: {
      read: async (after) => {
        const reply = await blockingRedis.xread(
          'COUNT',
          READ_COUNT,
          'BLOCK',
          READ_BLOCK_MS,
          'STREAMS',
          commands,
          after,
        );
        const entries = reply?.[0]?.[1] ?? [];
        return entries.map(([entryId, fields]) => ({ entryId, json: fieldNamed(fields, 'json') }));
      },
      delete: async (entryId) => {
        await redis.xdel(commands, entryId);
      },
    },
    epochs: await openEpochStore(stateDirPaths(config.stateDir).epoch),
    carryOut: (envelope) =>
      carryOut(envelope.command, { driver, nic, arrivals, reporter, publish: outbox.publish, log }),
    onRefusal: (refusal) => log.warn({ event: 'command_refused', ...refusal }),
  });
  log.info({ event: 'agent_ready', nic: config.nic, stateDir: config.stateDir });

  return {
    async close(options) {
      clearInterval(heartbeat);
      intake.close();
      await driver.close();
      await reporter.settled();
      if (options?.destroyVms ?? config.destroyVmsOnClose) await destroyVms(config.stateDir);
      await outbox.flush(FLUSH_LIMIT_MS);
      outbox.close();
      await nic.close().catch(tolerate('nic_close_failed'));
      await arrivals.close().catch(tolerate('arrivals_close_failed'));
      redis.disconnect();
      blockingRedis.disconnect();
      log.info({ event: 'agent_closed' });
    },
  };
}

function driverFor(config: AgentConfig, log: Logger): HypervisorDriver {
  const { hypervisor, nic, networkNamespace } = config;
  if (hypervisor.kind === 'qemu') return new QemuDriver({ ...hypervisor, listenIp: nic.ip, log });
  if (hypervisor.kind === 'libvirt')
    return new LibvirtDriver({
      ...hypervisor,
      listenIp: nic.ip,
      marksDir: join(config.stateDir, 'libvirt-migrations'),
      log,
    });
  return new EmulatedDriver({
    stateDir: config.stateDir,
    listenIp: nic.ip,
    host: networkNamespace === null ? null : { namespace: networkNamespace, bridge: nic.bridge },
    vms: config.vms,
  });
}

/** `ip netns` names the namespace for others; it has to be the one we are in, or VMs would be plugged elsewhere. */
async function checkNamespace({ networkNamespace }: AgentConfig): Promise<void> {
  if (networkNamespace === null) return;
  const [named, ours] = await Promise.all([
    stat(`/run/netns/${networkNamespace}`).catch(() => undefined),
    stat('/proc/self/ns/net'),
  ]);
  if (named === undefined || named.ino !== ours.ino)
    throw new AgentFailure(
      'wrong_namespace',
      `the agent does not run in network namespace ${networkNamespace}; start it by nsenter --net=/run/netns/${networkNamespace}`,
    );
}

function macOf({ nic }: AgentConfig): string {
  const own = networkInterfaces();
  return own[nic.device]?.[0]?.mac ?? own[nic.bridge]?.[0]?.mac ?? '';
}

function fieldNamed(fields: readonly string[], name: string): string | undefined {
  const at = fields.findIndex((field, index) => index % 2 === 0 && field === name);
  return at === -1 ? undefined : fields[at + 1];
}

/** One that cannot be taken back goes on: a post-copy keeps its class to its end. */
function cancelQuietly(driver: HypervisorDriver, migrationId: string): void {
  try {
    driver.cancel(migrationId, 'the agent has lost its controller');
  } catch (error) {
    if (!(error instanceof DriverFailure)) throw error;
  }
}

const now = () => instant(performance.now());
