/** For tests: authorities and the certificates they sign, made by openssl for each run, so that no key is kept. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Identity {
  readonly key: Buffer;
  readonly cert: Buffer;
  /** The same as files. */
  readonly keyPath: string;
  readonly certPath: string;
}

/** Why there are none, or null. */
export function whyNoCertificates(): string | null {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return null;
  } catch {
    return 'openssl is not installed to make certificates';
  }
}

export class Certificates {
  readonly folder = mkdtempSync(join(tmpdir(), 'ovsdb-tls-'));

  /** One that signs itself. */
  authority(name: string): Identity {
    this.#openssl(`req -x509 ${NEW_KEY} -days 1 -subj /CN=${name} -keyout ${name}.key -out ${name}.pem`);
    return this.#read(name);
  }

  /** For 127.0.0.1, signed by an authority of ours; with `days` -1 it has expired. */
  identity(name: string, authority: string, days = 1): Identity {
    const address = '-addext subjectAltName=IP:127.0.0.1';
    this.#openssl(`req ${NEW_KEY} -subj /CN=${name} ${address} -keyout ${name}.key -out ${name}.csr`);
    const signer = `-CA ${authority}.pem -CAkey ${authority}.key -CAcreateserial`;
    this.#openssl(`x509 -req -in ${name}.csr ${signer} -days ${days} -copy_extensions copy -out ${name}.pem`);
    return this.#read(name);
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #openssl(command: string): void {
    execFileSync('openssl', command.split(' '), { cwd: this.folder, stdio: 'ignore' });
  }

  #read(name: string): Identity {
    const [keyPath, certPath] = [join(this.folder, `${name}.key`), join(this.folder, `${name}.pem`)];
    return { key: readFileSync(keyPath), cert: readFileSync(certPath), keyPath, certPath };
  }
}

const NEW_KEY = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes';
