import { expect, it } from 'vitest';
import { describe } from './progress.ts';

it('says how far disks have come', () => {
  const data = { vmId: 'web', copiedBytes: 10e6, totalBytes: 40e6 };
  expect(describe({ type: 'storage_progress', subject: 'm1', data })).toBe(
    'm1 10.0 MB of 40.0 MB of its disks copied',
  );
});

it('is silent about what is not worth a line', () => {
  expect(describe({ type: 'some_detail', subject: 'm1', data: {} })).toBeNull();
});
