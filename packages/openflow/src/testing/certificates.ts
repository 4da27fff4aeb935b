/** Certificates for tests of TLS, made by openssl in a temporary folder. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TlsOptions } from '../session/tls.ts';

export const hasOpenssl = (): boolean => spawnSync('openssl', ['version'], { stdio: 'ignore' }).status === 0;

export class Certificates {
  private readonly folder = mkdtempSync(join(tmpdir(), 'oflib-pki-'));

  path(file: string): string {
    return join(this.folder, file);
  }

  /** A key and a certificate of `name` that `authority` signed; without one it signs itself. */
  make(name: string, authority?: string): void {
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    this.openssl('req', ...curve, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    const signer =
      authority === undefined
        ? ['-signkey', `${name}.key`]
        : ['-CA', `${authority}.crt`, '-CAkey', `${authority}.key`, '-CAcreateserial'];
    this.openssl('x509', '-req', '-in', `${name}.csr`, ...signer, '-days', '2', '-out', `${name}.crt`);
  }

  /** What a side needs that is `name` and believes `authority`. */
  as(name: string, authority: string): TlsOptions {
    const read = (file: string) => readFileSync(this.path(file), 'utf8');
    return { key: read(`${name}.key`), cert: read(`${name}.crt`), ca: read(`${authority}.crt`) };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private openssl(...args: string[]): void {
    execFileSync('openssl', args, { cwd: this.folder, stdio: 'ignore' });
  }
}
