/** What an encoder knows of the layers around its own, and what it derives from them. */
import { EncodeError } from '../runtime/protocol-error.ts';
import { numbersOf } from './dispatch.ts';
import type { LayerInput } from './layer.ts';

/** `T` with the properties `K` optional. */
export type Derived<T, K extends keyof T> = Omit<T, K> & Partial<Pick<T, K>>;

export interface Around {
  readonly layers: readonly LayerInput[];
  /** Which of them is being encoded. */
  index: number;
  /** Lengths, checksums and numbers that a layer states are written as stated, true or not. */
  readonly keepStated: boolean;
}

export const innerOf = ({ layers, index }: Around): LayerInput | undefined => layers[index + 1];

/** The stated value when those are to be kept, otherwise the derived one. */
export const derive = (around: Around, stated: number | undefined, compute: () => number): number =>
  around.keepStated && stated !== undefined ? stated : compute();

/**
 * The number that names the next layer. A stated one stays when it is true or when nothing contradicts it (bytes
 * without a name), so that 0x8848 before MPLS survives but a removed tag leaves no trace.
 */
export function nextNumber(
  around: Around,
  space: 'etherType' | 'protocol',
  stated: number | undefined,
): number {
  if (around.keepStated && stated !== undefined) return stated;
  const named = numbersOf(space, innerOf(around));
  if (stated !== undefined && (named.length === 0 || named.includes(stated))) return stated;
  const [first] = named;
  if (first === undefined) {
    throw new EncodeError(
      `${around.layers[around.index]?.type}: nothing says which ${space} its payload has`,
    );
  }
  return first;
}

/** Whether the layer is in an IP fragment, so that its length and checksum cover bytes that are not here. */
export function inFragment({ layers, index }: Around): boolean {
  for (let i = index - 1; i >= 0; i--) {
    const layer = layers[i];
    if (layer?.type === 'fragment') return layer.moreFragments === true || (layer.fragmentOffset ?? 0) > 0;
    if (layer?.type === 'ipv4') return ((layer.flags ?? 0) & 1) === 1 || (layer.fragmentOffset ?? 0) > 0;
    if (layer?.type === 'ipv6') return false;
  }
  return false;
}

/** A checksum or length over a whole datagram: derived, but as stated in a fragment. */
export function deriveWhole(
  around: Around,
  stated: number | undefined,
  what: string,
  compute: () => number,
): number {
  if (!inFragment(around)) return derive(around, stated, compute);
  if (stated !== undefined) return stated;
  throw new EncodeError(`${what} covers bytes that are not in this fragment: state it`);
}
