/**
 * The tag of a quote, which a client sends back with its request. It says what was asked and what was promised, so that
 * the controller need not remember quotes to tell whether a promise still holds. What is only expected is no part of it.
 *
 *   offer    REQUEST.o.PATH.GUARANTEE.UNTIL.MECHANISM.VICTIMS
 *   refusal  REQUEST.r.KIND
 *
 * REQUEST, KIND and VICTIMS are digests; VICTIMS is empty when nobody is preempted. PATH is the numbers of the links,
 * GUARANTEE is in bit/s, UNTIL in milliseconds from the request on, empty for an open end; all to base 36.
 */
import type { MechanismName, MigrationRequest } from '../request.ts';
import { MECHANISMS } from '../request.ts';
import type { State } from '../state.ts';
import type { Refused } from './assess.ts';
import type { Decision } from './decide.ts';
import { digest } from './digest.ts';
import type { Victim } from './preempt.ts';

export interface PromisedOffer {
  readonly kind: 'offer';
  readonly request: string;
  /** Links by their number in the topology. */
  readonly path: readonly number[];
  /** bit/s. */
  readonly guarantee: number;
  /** Milliseconds from the request on; Infinity = open end. */
  readonly until: number;
  readonly mechanism: MechanismName;
  readonly victims: string;
}

export interface PromisedRefusal {
  readonly kind: 'refusal';
  readonly request: string;
  readonly refusal: string;
}

/** Longer ones are not read. */
export const TAG_LENGTH_MAX = 256;

export function tagOf(state: State, request: MigrationRequest, decision: Decision | Refused): string {
  const asked = digestOf(request);
  if (!decision.ok) return [asked, 'r', digest(decision.refusal.kind)].join('.');
  const { use, guarantee, window, mechanism } = decision.feasible;
  const until = window.until === null ? '' : whole(window.until - state.now);
  const links = use.path.map((link) => whole(state.topology.linkNumbers.get(link) ?? 0));
  return [
    asked,
    'o',
    links.join('-'),
    whole(guarantee),
    until,
    mechanism.name,
    victimsOf(decision.victims),
  ].join('.');
}

/** null: it is not a tag of ours. */
export function readTag(tag: string): PromisedOffer | PromisedRefusal | null {
  if (tag.length > TAG_LENGTH_MAX) return null;
  const [request = '', kind, first = '', guarantee = '', until = '', name = '', victims = '', ...more] =
    tag.split('.');
  if (kind === 'r') return { kind: 'refusal', request, refusal: first };
  const mechanism = MECHANISMS.find((one) => one === name);
  if (kind !== 'o' || mechanism === undefined || more.length > 0) return null;
  const numbers = [...first.split('-'), guarantee, ...(until === '' ? [] : [until])];
  if (!numbers.every((text) => NUMBER.test(text))) return null;
  return {
    kind: 'offer',
    request,
    path: first.split('-').map(numberIn),
    guarantee: numberIn(guarantee),
    until: until === '' ? Number.POSITIVE_INFINITY : numberIn(until),
    mechanism,
    victims,
  };
}

/** Up to ten digits stay exact. */
const NUMBER = /^[0-9a-z]{1,10}$/;
const numberIn = (text: string): number => Number.parseInt(text, 36);
const whole = (value: number): string => Math.round(value).toString(36);

/** Who concedes how much; empty = nobody. */
export const victimsOf = (victims: readonly Victim[]): string =>
  victims.length === 0 ? '' : digest(victims.map(({ migrationId, concession }) => [migrationId, concession]));

/** Of all that a promise depends on: a name, and whether it is held at first, change nothing. */
export function digestOf(request: MigrationRequest): string {
  const { id: _id, etag: _etag, holdFor: _holdFor, ...asked } = request;
  const byName = Object.entries(asked).sort(([a], [b]) => (a < b ? -1 : 1));
  return digest(byName.map(([name, value]) => [name, JSON.stringify(value)]));
}

export const digestOfRefusal = (decision: Refused): string => digest(decision.refusal.kind);
