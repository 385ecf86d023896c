// Where a browser goes after signing in: only ever a page of this desk.

const HOME = '/';
/** Stands for our own origin, whatever it is. */
const HERE = 'https://desk.invalid';

/**
 * The path, query and fragment that a browser asked to come back to, or `/` where that would be another site, or the sign-in
 * again.
 */
export function returnPath(query: unknown): string {
  const asked = typeof query === 'object' && query !== null && 'return_to' in query ? query.return_to : undefined;
  if (typeof asked !== 'string' || !asked.startsWith('/')) return HOME;
  // A browser reads "/\example.com" and "/.//example.com" in its own way, so it is parsed as a browser would.
  const url = URL.parse(asked, HERE);
  if (url === null || url.origin !== HERE || url.pathname.startsWith('//')) return HOME;
  if (url.pathname.startsWith('/auth/') || url.pathname.startsWith('/api/')) return HOME;
  return url.pathname + url.search + url.hash;
}
