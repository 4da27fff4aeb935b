/** What every command that talks to a controller has in common: its options, its client, how it prints. */
import { type Command, Option } from 'commander';
import { API_DEFAULT, type ApiClient, createApiClient } from '../api/client.ts';
import { type Io, ioOf } from '../io.ts';

export interface ApiOptions {
  readonly api?: string;
  readonly output: 'table' | 'json';
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export interface Session {
  readonly api: ApiClient;
  readonly io: Io;
  readonly isJson: boolean;
  readonly isQuiet: boolean;
  /** Prints data: JSON as it came from the API, or a text made from it. */
  print<T>(value: T, asText: (value: T) => string): void;
}

/** Adds --api, -o, --json and -q. */
export const apiCommand = (command: Command): Command =>
  command
    .option('--api <url>', `controller (default: SLUICE_API, then ${API_DEFAULT})`)
    .addOption(
      new Option('-o, --output <format>', 'how to print').choices(['table', 'json']).default('table'),
    )
    .option('--json', 'the same as -o json')
    .option('-q, --quiet', 'no narration on stderr');

export function openSession(command: Command): Session {
  const options = command.opts<ApiOptions>();
  const io = ioOf(command);
  const isJson = options.json === true || options.output === 'json';
  return {
    api: createApiClient(options.api ?? io.env.SLUICE_API ?? API_DEFAULT, io.signal),
    io,
    isJson,
    isQuiet: options.quiet === true,
    print: (value, asText) => io.out(isJson ? `${JSON.stringify(value, null, 2)}\n` : asText(value)),
  };
}

/** Query parameters that are set. */
export function query(parameters: Readonly<Record<string, string | undefined>>): string {
  const set = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return set.length === 0 ? '' : `?${new URLSearchParams(set)}`;
}
