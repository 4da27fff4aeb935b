/**
 * Kernel settings that a lab raises and puts back. Several labs may share the machine: each writes down the value
 * from before the first of them, and the last one out restores it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isLive, type RunManifest, readManifests } from './run-manifest.ts';

/**
 * Buffers of a new socket. The userspace datapath sends every port and queue through one AF_PACKET socket, made at
 * its first packet: with the small default a saturated application queue starves all the others. It receives through
 * one such socket per port, whose default holds 92 frames: while the daemon waits 10 ms for a processor, a loaded
 * port loses frames that no counter shows. A larger one than this would only add delay where the daemon is too slow.
 */
export const SOCKET_BUFFERS: ReadonlyMap<string, number> = new Map([
  ['net.core.wmem_default', 33_554_432],
  ['net.core.rmem_default', 8_388_608],
]);
/** Congestion controls that a network namespace may choose. Labs use cubic, whatever the machine's default is. */
export const TCP_ALLOWED = 'net.ipv4.tcp_allowed_congestion_control';

const pathOf = (name: string): string => join('/proc/sys', name.replaceAll('.', '/'));
export const readSysctl = (name: string): string => readFileSync(pathOf(name), 'utf8').trim();
const writeSysctl = (name: string, value: string): void => writeFileSync(pathOf(name), `${value}\n`);

/** What the lab must write, from the values found. */
export function wantedSysctls(found: ReadonlyMap<string, string>): Map<string, string> {
  const wanted = new Map<string, string>();
  for (const [name, size] of SOCKET_BUFFERS)
    if (Number(found.get(name)) < size) wanted.set(name, String(size));
  const allowed = (found.get(TCP_ALLOWED) ?? '').split(/\s+/);
  if (!allowed.includes('cubic')) wanted.set(TCP_ALLOWED, [...allowed, 'cubic'].join(' '));
  return wanted;
}

/** Claims for a new run: what it must write, and what will have to be restored in the end. */
export function claimSysctls(others: readonly RunManifest[]): RunManifest['sysctls'] {
  const claims: RunManifest['sysctls'] = [];
  const inherited = new Map(others.flatMap((other) => other.sysctls).map((claim) => [claim.name, claim]));
  for (const claim of inherited.values()) claims.push({ ...claim });
  const found = new Map([...SOCKET_BUFFERS.keys(), TCP_ALLOWED].map((name) => [name, readSysctl(name)]));
  for (const [name, raised] of wantedSysctls(found))
    if (!inherited.has(name)) claims.push({ name, before: readSysctl(name), raised });
  return claims;
}

export function applySysctls(claims: RunManifest['sysctls']): void {
  for (const { name, raised } of claims) if (readSysctl(name) !== raised) writeSysctl(name, raised);
}

/**
 * Restores what no other live run still relies on. A value that is not the one the lab wrote was set by somebody
 * else meanwhile and stays.
 */
export function restoreSysctls(manifest: RunManifest): void {
  const others = readManifests().filter((other) => other.prefix !== manifest.prefix && isLive(other));
  for (const { name, before, raised } of manifest.sysctls) {
    const stillUsed = others.some((other) => other.sysctls.some((claim) => claim.name === name));
    if (!stillUsed && readSysctl(name) === raised) writeSysctl(name, before);
  }
}
