/** What `tc -s -j` prints, as far as we read it (iproute2 6.1). */
import { z } from 'zod';

const qdiscSchema = z.looseObject({
  kind: z.string(),
  handle: z.string(),
  root: z.boolean().optional(),
  options: z.looseObject({ default: z.string().optional() }).optional(),
});

const filterSchema = z.looseObject({
  pref: z.number().optional(),
  options: z
    .looseObject({
      actions: z.array(z.looseObject({ stats: z.looseObject({ bytes: z.number() }).optional() })).optional(),
    })
    .optional(),
});

export interface RootQdisc {
  readonly kind: string;
  readonly handle: string;
  /** Default class of an HTB, as printed (hexadecimal with 0x). */
  readonly defaultClass: string | undefined;
}

/** From `tc -j qdisc show dev D`: the root qdisc, undefined when there is none. */
export function parseRootQdisc(json: string): RootQdisc | undefined {
  const root = z
    .array(qdiscSchema)
    .parse(parseArray(json))
    .find((qdisc) => qdisc.root === true);
  return root && { kind: root.kind, handle: root.handle, defaultClass: root.options?.default };
}

/**
 * From `tc -s class show dev D classid C`: bytes sent by the class. iproute2 6.1 has no JSON for HTB classes and
 * prints text even when asked for it.
 */
export function parseClassBytes(text: string, classid: string): number | undefined {
  const at = text.split('\n').findIndex((line) => line.startsWith(`class htb ${classid} `));
  if (at === -1) return undefined;
  const sent = /^\s*Sent (\d+) bytes /.exec(text.split('\n')[at + 1] ?? '');
  return sent?.[1] === undefined ? undefined : Number(sent[1]);
}

/** From `tc -s -j filter show dev D parent P pref N`: bytes that its action has seen. */
export function parseFilterBytes(json: string): number | undefined {
  for (const filter of z.array(filterSchema).parse(parseArray(json)))
    for (const action of filter.options?.actions ?? []) if (action.stats) return action.stats.bytes;
  return undefined;
}

const parseArray = (json: string): unknown => (json.trim() === '' ? [] : JSON.parse(json));
