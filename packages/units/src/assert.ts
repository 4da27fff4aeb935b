/** For promises of our own; a broken one is a bug, never a peer's fault. */
export function assert(condition: unknown, sentence: string): asserts condition {
  if (!condition) throw new Error(`broken promise: ${sentence}`);
}

/** The end of a switch over a union: a new member that nobody handles does not compile. */
export function unreachable(value: never): never {
  throw new Error(`broken promise: nobody handles ${JSON.stringify(value)}`);
}
