/** A figure as data: panels under each other over one x axis. Whoever draws it decides how it looks. */

export interface Axis {
  readonly title: string;
  /** For people: `Mbit/s`; null for a count or a ratio. */
  readonly unit: string | null;
  readonly scale?: 'linear' | 'log';
}

export interface Series {
  readonly name: string;
  /** x, y; where a model has no answer y is null and the line is broken. */
  readonly points: readonly (readonly [number, number | null])[];
  /** `step` holds a value until the next point. */
  readonly shape?: 'line' | 'step' | 'points';
}

export interface Panel {
  readonly y: Axis;
  readonly series: readonly Series[];
}

export interface Chart {
  readonly title: string;
  /** Says what is assumed, where the paper does not give it. */
  readonly note?: string;
  readonly x: Axis;
  readonly panels: readonly Panel[];
}
