import { expect, it } from 'vitest';
import { managementAddresses } from './switch-namespace.ts';

it('a lab gets four addresses of the link-local net from its prefix', () => {
  expect(managementAddresses('sl1fe8')).toEqual({ outer: '169.254.31.233', inner: '169.254.31.234' });
});

it('the metadata address of clouds is never taken', () => {
  expect(managementAddresses('sla9fe')).toEqual({ outer: '169.254.170.253', inner: '169.254.170.254' });
});
