// An upstream behind TLS, with a certificate that is made for the test and that nobody trusts unless told to.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { listen } from './upstream.ts';

/** Whether there is what makes certificates: Node.js itself cannot. */
export const CAN_MAKE_CERTIFICATES = (() => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

export interface Certificate {
  readonly key: Buffer;
  readonly cert: Buffer;
  /** What NODE_EXTRA_CA_CERTS must name for it to be trusted. */
  readonly certPath: string;
}

/** A self-signed certificate for these host names; its files are gone when the test ends. */
export function makeCertificate(...hosts: readonly string[]): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'tunnel-desk-tls-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [keyPath, certPath] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const names = hosts.map((host) => `DNS:${host}`).join(',');
  const kind = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
  const content = ['-subj', '/CN=tunnel-desk-test', '-addext', `subjectAltName=${names}`];
  execFileSync('openssl', [...kind, ...content, '-keyout', keyPath, '-out', certPath], { stdio: 'ignore' });
  return { key: readFileSync(keyPath), cert: readFileSync(certPath), certPath };
}

/** An HTTPS server on a free loopback port. */
export async function startHttps(certificate: Certificate, onRequest: RequestListener): Promise<number> {
  const server = createServer({ key: certificate.key, cert: certificate.cert }, onRequest);
  onTestFinished(() => server.closeAllConnections());
  return listen(server);
}
