// What a browser may do here: only pages of this desk's own origin change anything, under a host name that is ours.

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isLoopback } from '../loopback.ts';
import { sendError } from './errors.ts';

export interface BrowserSurfaceOptions {
  /** Where people reach the desk, as an origin; absent while it is only reached on a loopback address. */
  readonly publicOrigin: string | undefined;
  /** Whether there are pages here, to which other sites may link. */
  readonly isNavigable: boolean;
}

/** What a request for another host is told. */
export const FOREIGN_HOST_MESSAGE =
  'this desk is not served under that host name; your administrator can add it as PUBLIC_URL';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses, for this plugin, foreign host names, so that a page whose name was rebound to this address cannot speak to the
 * desk (421), and changes asked for by another site's page (403). A request that has neither `Origin` nor `Sec-Fetch-Site`
 * is no browser's and passes.
 */
export function registerBrowserSurface(
  app: FastifyInstance,
  { publicOrigin, isNavigable }: BrowserSurfaceOptions,
): void {
  const ownOriginFor = ownOrigins(publicOrigin);
  app.addHook('onRequest', (request, reply, done) => {
    const ownOrigin = ownOriginFor(request.headers.host);
    if (ownOrigin === undefined) {
      sendError(reply, 'foreignHost', FOREIGN_HOST_MESSAGE);
      return;
    }
    const isAllowed = SAFE_METHODS.has(request.method)
      ? mayRead(request, isNavigable)
      : isOwnChange(request, ownOrigin);
    if (isAllowed) done();
    else sendError(reply, 'foreignOrigin', "only this desk's own pages may do that");
  });
}

function isOwnChange({ headers }: FastifyRequest, ownOrigin: string): boolean {
  const { origin, 'sec-fetch-site': site } = headers;
  // A form of our own page: under our referrer policy browsers hide its origin (https://fetch.spec.whatwg.org/#origin-header).
  if (origin === 'null') return site === 'same-origin';
  return (origin === undefined || origin === ownOrigin) && (site === undefined || site === 'same-origin');
}

/**
 * Another site may navigate a tab to a page of the desk, and no more. It could read nothing of what it loads in other ways,
 * but would have the desk work for it, in the name of the person who has it open and at the cost of their rate limit.
 */
function mayRead({ headers }: FastifyRequest, isNavigable: boolean): boolean {
  const { 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': destination } = headers;
  if (site === undefined || site === 'same-origin' || site === 'none') return true;
  return isNavigable && mode === 'navigate' && destination === 'document';
}

/**
 * Finds the origin of the desk under the name it was called by; `undefined` for a name that is not ours. The last name is
 * remembered, because nearly every request has the same one.
 */
function ownOrigins(publicOrigin: string | undefined): (host: string | undefined) => string | undefined {
  const publicHost = publicOrigin === undefined ? undefined : new URL(publicOrigin).host;
  let last: { readonly host: string | undefined; readonly origin: string | undefined } | undefined;

  const find = (host: string | undefined) => {
    const called = host === undefined ? null : URL.parse(`http://${host}`);
    // A host that is more than name and port would have been read otherwise elsewhere.
    if (called === null || called.host !== host?.toLowerCase().replace(/:80$/, '')) return undefined;
    if (called.host === publicHost) return publicOrigin;
    return isLoopback(called.hostname) ? called.origin : undefined;
  };
  return (host) => {
    if (last === undefined || last.host !== host) last = { host, origin: find(host) };
    return last.origin;
  };
}
