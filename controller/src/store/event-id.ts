/** Ids of events: `<wall milliseconds>-<number>`, the form of Redis streams, so that one id serves both. */

/** The next id: never at or below the last one, even when the wall clock steps back. */
export function nextEventId(last: string | null, wallMs: number): string {
  if (last === null) return `${Math.floor(wallMs)}-0`;
  const [lastMs, number] = parts(last);
  return Math.floor(wallMs) > lastMs ? `${Math.floor(wallMs)}-0` : `${lastMs}-${number + 1}`;
}

/** Below zero when `a` came before `b`. */
export function compareEventIds(a: string, b: string): number {
  const [aMs, aNumber] = parts(a);
  const [bMs, bNumber] = parts(b);
  return aMs - bMs || aNumber - bNumber;
}

export const isEventId = (text: string): boolean => /^\d{1,15}-\d{1,9}$/.test(text);

function parts(id: string): readonly [number, number] {
  const [ms, number] = id.split('-');
  return [Number(ms), Number(number)];
}
