// What a browser may do here: only pages of this desk's own origin change anything, under a host name that is ours.

import { API_PREFIX, HEALTH_PATH, READY_PATH } from '@tunnel-desk/shared/api/paths';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isLoopback } from '../loopback.ts';
import { sendError } from './errors.ts';

export interface BrowserSurfaceOptions {
  /** Where people reach the desk, as an origin; absent while it is only reached on a loopback address. */
  readonly publicOrigin: string | undefined;
}

/** What load balancers and containers ask, by address. */
const PROBES = new Set<string>([HEALTH_PATH, READY_PATH]);
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses foreign host names, so that a page whose name was rebound to this address cannot speak to the desk (421), and
 * changes asked for by another site's page (403). A request that bears neither `Origin` nor `Sec-Fetch-Site` is no
 * browser's and passes. Answers of the API, and to probes, are never stored.
 */
export function registerBrowserSurface(app: FastifyInstance, { publicOrigin }: BrowserSurfaceOptions): void {
  app.addHook('onRequest', async (request, reply) => {
    const isProbe = PROBES.has(request.url);
    if (isProbe || isOfApi(request)) reply.header('cache-control', 'no-store');
    // A page that was rebound to this address may learn that the desk is alive and ready, and no more.
    if (isProbe) return undefined;
    const ownOrigin = ownOriginFor(request, publicOrigin);
    if (ownOrigin === undefined) {
      return sendError(
        reply,
        'foreignHost',
        'this desk is not served under that host name; whoever runs it can name it in PUBLIC_URL',
      );
    }
    const isAllowed = SAFE_METHODS.has(request.method) ? mayRead(request) : isOwnChange(request, ownOrigin);
    return isAllowed ? undefined : sendError(reply, 'foreignOrigin', "only this desk's own pages may do that");
  });
}

function isOwnChange({ headers }: FastifyRequest, ownOrigin: string): boolean {
  const { origin, 'sec-fetch-site': site } = headers;
  return (origin === undefined || origin === ownOrigin) && (site === undefined || site === 'same-origin');
}

/**
 * Another site may lead a tab to a page of the desk, and no more. It could read nothing of what it loads in other ways,
 * but would have the desk work for it, in the name of whoever looks at it and on account of their rate limit.
 */
function mayRead(request: FastifyRequest): boolean {
  const { 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': destination } = request.headers;
  if (site === undefined || site === 'same-origin' || site === 'none') return true;
  return mode === 'navigate' && destination === 'document' && !isOfApi(request);
}

/** The origin of the desk under the name it was called by; `undefined` for a name that is not ours. */
function ownOriginFor({ headers: { host } }: FastifyRequest, publicOrigin: string | undefined): string | undefined {
  const called = host === undefined ? null : URL.parse(`http://${host}`);
  // A host that is more than name and port would have been read otherwise elsewhere.
  if (called === null || called.host !== host?.toLowerCase().replace(/:80$/, '')) return undefined;
  if (publicOrigin !== undefined && new URL(publicOrigin).host === called.host) return publicOrigin;
  return isLoopback(called.hostname) ? called.origin : undefined;
}

/** By the route that will answer, because a URL can be spelled in many ways, or for an unknown path by the URL. */
function isOfApi({ routeOptions, url }: FastifyRequest): boolean {
  return [routeOptions.url, url].some((path) => path?.startsWith(`${API_PREFIX}/`));
}
