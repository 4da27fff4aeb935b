/** Port numbers of 1.0 have 16 bits; the reserved ones are at the end of either range. */
const NARROW_MAX = 0xff00;
const RESERVED = 0xffff0000;

export const widePort = (port: number): number => (port >= NARROW_MAX ? (RESERVED | port) >>> 0 : port);
export const narrowPort = (port: number): number => (port >= RESERVED ? port & 0xffff : port);

type Any = Readonly<Record<string, unknown>>;

/** Ports of actions in either direction; enqueue becomes set_queue and output, which come back as enqueue. */
export function wideActions(actions: readonly Any[]): readonly Any[] {
  return actions.flatMap((action) => {
    if (action.type === 'enqueue') {
      const port = widePort(Number(action.port));
      return [
        { type: 'set_queue', queueId: action.queueId },
        { type: 'output', port, maxLen: 0 },
      ];
    }
    return action.type === 'output' ? [{ ...action, port: widePort(Number(action.port)) }] : [action];
  });
}

export function narrowActions(actions: readonly Any[]): readonly Any[] {
  const narrow: Any[] = [];
  for (const action of actions) {
    const before = narrow.at(-1);
    if (action.type !== 'output') narrow.push(action);
    else {
      const port = narrowPort(Number(action.port));
      if (before?.type === 'set_queue')
        narrow[narrow.length - 1] = { type: 'enqueue', port, queueId: before.queueId };
      else narrow.push({ ...action, port });
    }
  }
  return narrow;
}
