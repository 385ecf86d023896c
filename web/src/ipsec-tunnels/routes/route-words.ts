import type { StaticRoute } from '../api/list-routes.ts';

const MAX_NAMED = 5;

/** That they stop working, as a sentence, with the first few. */
export function routesThatEnd(routes: readonly StaticRoute[]): string {
  const named = routes.slice(0, MAX_NAMED).map(({ prefix }) => prefix);
  const more = routes.length - named.length;
  const count = routes.length === 1 ? '1 static route goes' : `${routes.length} static routes go`;
  return `${count} nowhere: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`;
}
