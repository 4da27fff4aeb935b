/** Multipart replies that are too long for one message, cut into several. */
import { encodeMessage, type Message } from '../codec.ts';
import { OFPMPF } from '../generated/constants.ts';
import { FRAGMENT_LISTS } from '../generated/messages.ts';
import { TooLongError } from '../runtime/protocol-error.ts';

/** The messages that carry this reply: itself when it fits, else parts of which all but the last say MORE. */
export function fragmentsOf(reply: Message): readonly Message[] {
  const list = FRAGMENT_LISTS[reply.type];
  if (list === undefined || fits(reply)) return [reply];
  // FRAGMENT_LISTS names, per type, the member that is a list; the compiler cannot follow a table.
  const elements = (reply as unknown as Record<string, readonly unknown[]>)[list] ?? [];
  if (elements.length < 2) return [reply];
  const half = Math.ceil(elements.length / 2);
  const part = (from: number, to: number): Message =>
    ({ ...reply, [list]: elements.slice(from, to) }) as Message;
  const first = fragmentsOf(part(0, half)).map(
    (fragment) => ({ ...fragment, flags: OFPMPF.MORE }) as Message,
  );
  return [...first, ...fragmentsOf(part(half, elements.length))];
}

function fits(message: Message): boolean {
  try {
    encodeMessage(message, 0);
    return true;
  } catch (error) {
    if (error instanceof TooLongError) return false;
    throw error;
  }
}
