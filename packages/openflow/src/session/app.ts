/** Apps: programs that share the switches of one controller, each with listeners of its own. */
import type { Version } from '../versions.ts';
import type { Switch } from './switch.ts';

/**
 * A program on every switch of a controller. The phases of a connection are handshake (hello, features), configuration
 * (`configure` of all apps side by side), main (`start`, then events) and the end (what `start` returned).
 */
export interface App<V extends Version = '1.3'> {
  /** For error texts. */
  readonly name: string;
  /**
   * Before the switch is announced to anybody: requests and batches work, events wait. When it rejects, or is not done
   * within `configureTimeoutMs`, the connection ends and the event `refused` names the app.
   */
  configure?(sw: Switch<V>): Promise<void>;
  /**
   * In the main phase: add listeners here. What is returned runs when the switch has left. When it throws, the
   * connection ends and the event `refused` names the app.
   */
  start?(sw: Switch<V>): undefined | (() => void);
}

/** Runs the configuration of all apps; resolves with why the switch is refused, or undefined. */
export async function configured<V extends Version>(
  apps: Iterable<App<V>>,
  sw: Switch<V>,
): Promise<string | undefined> {
  const tasks = [...apps].flatMap((app) => (app.configure === undefined ? [] : [run(app, sw)]));
  return (await Promise.all(tasks)).find((reason) => reason !== undefined);
}

/** Starts all apps; returns why the switch is refused, or undefined. What has started is ended with the switch. */
export function started<V extends Version>(apps: Iterable<App<V>>, sw: Switch<V>): string | undefined {
  for (const app of apps) {
    try {
      const stop = app.start?.(sw);
      if (stop !== undefined) sw.on('close', stop);
    } catch (error) {
      return failure(app, 'start', error);
    }
  }
  return undefined;
}

async function run<V extends Version>(app: App<V>, sw: Switch<V>): Promise<string | undefined> {
  try {
    await app.configure?.(sw);
    return undefined;
  } catch (error) {
    return failure(app, 'configure', error);
  }
}

const failure = ({ name }: { readonly name: string }, what: string, error: unknown): string =>
  `${name} could not ${what} it: ${error instanceof Error ? error.message : String(error)}`;
