/** Names of the Redis streams and the bounds on them. */

/** How often an agent publishes its NIC load; the controller takes an agent for lost after several missed ones. */
export const HEARTBEAT_PERIOD_MS = 500;
/** How long a controller's sign of life lasts, and how often it is given anew. */
export const CONTROLLER_SIGN_MS = 2000;
export const CONTROLLER_SIGN_PERIOD_MS = 500;
/** Reports kept for late readers; at 12 hosts and 4 reports a second each this is about five minutes. */
export const REPORTS_MAXLEN = 15_000;

/**
 * `prefix` separates installations that share one Redis (default `sluice`). Every agent writes to the one report
 * stream; each host has a command stream of its own, from which its agent deletes what it has carried out.
 * Entry format of both: one field `json` holding the envelope as JSON.
 */
export const streamNames = (prefix: string) => ({
  reports: `${prefix}:reports`,
  commands: (hostId: string) => `${prefix}:commands:${hostId}`,
  /** A key that is there while a controller is: it expires when nobody has set it for `CONTROLLER_SIGN_MS`. */
  controllerSign: `${prefix}:controller:alive`,
});
