// The security headers of every response. They are those of helmet (https://helmetjs.github.io), which a test compares them
// with; helmet itself would put them together anew for every request.

import type { FastifyInstance } from 'fastify';

/** In seconds. */
const ONE_YEAR_S = 31_536_000;

const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "object-src 'none'",
  "img-src 'self' data:",
  // The component library positions its popups with inline styles.
  "style-src 'self' 'unsafe-inline'",
].join(';');

const HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'DENY',
  'x-permitted-cross-domain-policies': 'none',
  'x-xss-protection': '0',
};

export interface SecurityHeadersOptions {
  /** Where people reach the desk; behind TLS their browsers are asked to stay with it. */
  readonly publicOrigin: string | undefined;
}

export type SecurityHeaders = Readonly<Record<string, string>>;

/** Only behind TLS, which is terminated in front of the desk, with `Strict-Transport-Security`. */
export function securityHeaders({ publicOrigin }: SecurityHeadersOptions): SecurityHeaders {
  if (publicOrigin?.startsWith('https:') !== true) return HEADERS;
  return { ...HEADERS, 'strict-transport-security': `max-age=${ONE_YEAR_S}; includeSubDomains` };
}

export function registerSecurityHeaders(app: FastifyInstance, headers: SecurityHeaders): void {
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers);
    done();
  });
}
