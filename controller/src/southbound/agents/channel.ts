/**
 * The way to the host agents: reports from one Redis stream, commands into one stream per host. Reports are
 * parsed at this door; what does not parse, or is not new, is counted and noted, and goes no further.
 */
import {
  type AgentCommand,
  CONTROLLER_SIGN_MS,
  CONTROLLER_SIGN_PERIOD_MS,
  type CommandEnvelope,
  type ReportEnvelope,
  reportEnvelopeSchema,
  streamNames,
} from '@sluice/agents/contract';
import type { HostId } from '@sluice/topology';
import { Redis, type RedisOptions } from 'ioredis';
import type { Heard } from '../../core/index.ts';
import { type Clock, every, systemClock } from '../clock.ts';
import type { AgentChannel } from '../interfaces.ts';
import { ignoreNotes, messageOf, type TakeNote } from '../note.ts';
import { AgentChannelFailure } from './failure.ts';
import { READ_BLOCK_MS, ReportReader, type StreamEntry } from './report-reader.ts';
import { ReportSequence } from './sequence.ts';

/** Commands kept for an agent that is away: many more than a migration has rounds. */
export const COMMANDS_MAXLEN = 1000;
/** Longest report taken, in characters: a host with hundreds of VMs needs a tenth of it. */
export const REPORT_LENGTH_MAX = 1 << 20;
/** Redis answers in well under a millisecond; after this long it is taken for hung. */
export const COMMAND_TIMEOUT_MS = 300;
/** How long `start` keeps trying: on a busy machine the first answers may come late. */
export const CONNECT_DEADLINE_MS = 5000;
/** Bad reports noted one by one at first, then one in this many, so that a broken agent cannot fill the log. */
export const BAD_NOTE_EVERY = 100;

export interface AgentChannelOptions {
  /** Where Redis is, and how to log in: `{ path }` or `{ host, port, ... }`. Time limits are the channel's own. */
  readonly redis: Omit<RedisOptions, 'replyMapping'>;
  readonly prefix: string;
  /** Fencing token of this controller; goes with every command. */
  readonly epoch: number;
  /** Hosts of the inventory; reports in any other name are strays. */
  readonly hosts: Iterable<HostId>;
  readonly note?: TakeNote;
  readonly clock?: Clock;
  readonly connectDeadlineMs?: number;
}

/** Reports that went no further, since the start. */
export interface DroppedReports {
  readonly bad: number;
  readonly duplicate: number;
  readonly stray: number;
}

export interface RedisAgentChannel extends AgentChannel {
  readonly dropped: DroppedReports;
}

/** @throws from `start` and `send`: AgentChannelFailure */
export const createAgentChannel = (options: AgentChannelOptions): RedisAgentChannel => new Channel(options);

class Channel implements RedisAgentChannel {
  readonly #names: ReturnType<typeof streamNames>;
  readonly #epoch: number;
  readonly #note: TakeNote;
  readonly #clock: Clock;
  readonly #connectDeadlineMs: number;
  readonly #commands: Redis;
  readonly #reports: Redis;
  readonly #reader: ReportReader;
  readonly #sequence: ReportSequence;
  #stopSigns: () => void = () => {};
  readonly #dropped = { bad: 0, duplicate: 0, stray: 0 };

  constructor(options: AgentChannelOptions) {
    const { redis, prefix, epoch, hosts, note = ignoreNotes, clock = systemClock } = options;
    this.#names = streamNames(prefix);
    this.#epoch = epoch;
    this.#note = note;
    this.#clock = clock;
    this.#connectDeadlineMs = options.connectDeadlineMs ?? CONNECT_DEADLINE_MS;
    this.#sequence = new ReportSequence(hosts);
    // Without these limits a command waits for ever while Redis is gone or hung.
    const limits = {
      lazyConnect: true,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 1,
      autoResendUnfulfilledCommands: false,
      connectTimeout: CONNECT_DEADLINE_MS,
      retryStrategy: (times: number) => Math.min(50 * times, 1000),
    };
    this.#commands = new Redis({ ...redis, ...limits, commandTimeout: COMMAND_TIMEOUT_MS });
    this.#reports = new Redis({ ...redis, ...limits, commandTimeout: READ_BLOCK_MS + COMMAND_TIMEOUT_MS });
    // Every outage shows as a failed read or send; an error without a listener would end the process.
    for (const connection of [this.#commands, this.#reports]) connection.on('error', () => {});
    this.#reader = new ReportReader({ redis: this.#reports, key: this.#names.reports, clock, note });
  }

  get dropped(): DroppedReports {
    return { ...this.#dropped };
  }

  async start(emit: (heard: Heard) => void): Promise<void> {
    try {
      await Promise.all([this.#readiness(this.#commands), this.#readiness(this.#reports)]);
      await this.#reader.start((entry) => this.#take(entry, emit));
      this.#giveSign();
      this.#stopSigns = every(this.#clock, CONTROLLER_SIGN_PERIOD_MS, () => this.#giveSign());
    } catch (error) {
      await this.close();
      throw failureFrom(error);
    }
  }

  async send(hostId: HostId, command: AgentCommand, commandId: string): Promise<void> {
    const envelope: CommandEnvelope = { commandId, epoch: this.#epoch, command };
    const key = this.#names.commands(hostId);
    try {
      await this.#commands.xadd(key, 'MAXLEN', '~', COMMANDS_MAXLEN, '*', 'json', JSON.stringify(envelope));
    } catch (error) {
      throw failureFrom(error);
    }
  }

  async close(): Promise<void> {
    this.#stopSigns();
    this.#commands.disconnect();
    await this.#reader.close();
  }

  /** Agents end what can be ended once no controller has given it for a while. */
  #giveSign(): void {
    this.#commands.set(this.#names.controllerSign, this.#epoch, 'PX', CONTROLLER_SIGN_MS).catch(() => {});
  }

  /** Not `connect` alone: it gives up at the first attempt that fails, while the connection goes on trying. */
  #readiness(connection: Redis): Promise<void> {
    return new Promise((resolve, reject) => {
      let reason = 'no answer';
      const remember = (error: unknown) => {
        reason = messageOf(error);
      };
      const cancel = this.#clock.after(this.#connectDeadlineMs, () => {
        connection.off('ready', succeed);
        reject(
          new AgentChannelFailure(
            'redis_unavailable',
            `not ready after ${this.#connectDeadlineMs} ms: ${reason}`,
          ),
        );
      });
      const succeed = () => {
        cancel();
        resolve();
      };
      connection.once('ready', succeed);
      connection.connect().catch(remember);
    });
  }

  #take(entry: StreamEntry, emit: (heard: Heard) => void): void {
    const envelope = this.#parse(entry);
    if (!envelope) return;
    const hostId = envelope.hostId as HostId;
    const verdict = this.#sequence.take(hostId, envelope.bootId, envelope.seq);
    if (verdict === 'fresh') {
      emit({ kind: 'agent_reported', hostId, report: envelope.report });
      return;
    }
    this.#dropped[verdict] += 1;
    if (verdict === 'stray' && isWorthNoting(this.#dropped.stray))
      this.#note({
        level: 'warn',
        event: 'report_stray',
        detail: { hostId, bootId: envelope.bootId, count: this.#dropped.stray },
      });
  }

  #parse([id, fields]: StreamEntry): ReportEnvelope | null {
    const problem = (reason: string) => {
      this.#dropped.bad += 1;
      if (isWorthNoting(this.#dropped.bad))
        this.#note({
          level: 'warn',
          event: 'report_bad',
          detail: { id, reason, count: this.#dropped.bad },
        });
      return null;
    };
    const json = fields[fields.indexOf('json') + 1];
    if (fields[0] !== 'json' || json === undefined) return problem('no field json');
    if (json.length > REPORT_LENGTH_MAX) return problem(`longer than ${REPORT_LENGTH_MAX} characters`);
    let value: unknown;
    try {
      value = JSON.parse(json);
    } catch (error) {
      return problem(messageOf(error));
    }
    const parsed = reportEnvelopeSchema.safeParse(value);
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    return problem(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a report'}`);
  }
}

const isWorthNoting = (count: number): boolean => count <= 10 || count % BAD_NOTE_EVERY === 0;

/** Redis' own "no" is a ReplyError; all else is a connection that is gone or slow. */
function failureFrom(error: unknown): AgentChannelFailure {
  if (error instanceof AgentChannelFailure) return error;
  const rejected = error instanceof Error && error.name === 'ReplyError';
  return new AgentChannelFailure(rejected ? 'redis_rejected' : 'redis_unavailable', messageOf(error), {
    cause: error,
  });
}
