/** For checks after every step: like `assert`, but the words are made only when something is wrong. */
import { assert } from '@sluice/units';

export function must(condition: unknown, words: () => string): asserts condition {
  if (!condition) assert(false, words());
}
