// Where a browser goes after signing in: only ever a page of this desk.

const HOME = '/';
/** Stands for our own origin, whatever it is. */
const HERE = 'https://desk.invalid';
/** How many layers of percent-encoding are looked through; no page of ours has two. */
const MAX_LAYERS = 4;

/**
 * The path, query and fragment that a browser asked to come back to, or `/` where that would be another site, or the sign-in
 * again; read as it is written, and with every layer of percent-encoding removed, as a proxy on the way may do.
 */
export function returnPath(query: unknown): string {
  const asked = typeof query === 'object' && query !== null && 'return_to' in query ? query.return_to : undefined;
  if (typeof asked !== 'string') return HOME;
  const page = pageOf(asked);
  return page !== undefined && isPageInEveryLayer(asked) ? page : HOME;
}

function isPageInEveryLayer(text: string): boolean {
  let layer = text;
  for (let count = 0; count <= MAX_LAYERS; count += 1) {
    // A browser reads past them, so that "%\t2f" is an encoded slash to it.
    const read = layer.replaceAll(/[\t\n\r]/g, '');
    if (pageOf(read) === undefined) return false;
    const next = decodeOneLayer(read);
    if (next === read) return true;
    layer = next;
  }
  return false;
}

/** As a browser reads it: "/\\example.com", "/.//example.com" and a tab between two slashes lead elsewhere. */
function pageOf(text: string): string | undefined {
  if (!text.startsWith('/')) return undefined;
  const url = URL.parse(text, HERE);
  if (url === null || url.origin !== HERE || url.pathname.startsWith('//')) return undefined;
  if (url.pathname.startsWith('/auth/') || url.pathname.startsWith('/api/')) return undefined;
  return url.pathname + url.search + url.hash;
}

/** Of ASCII characters, which are all that a path can go wrong by; what is no encoding stays as it is. */
function decodeOneLayer(text: string): string {
  return text.replace(/%([0-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
