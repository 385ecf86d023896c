import { Button } from '@cloudflare/kumo/components/button';
import { useQuery } from '@tanstack/react-query';
import { routesQuery } from '../api/list-routes.ts';

export interface RoutesUnreadProps {
  readonly accountId: string;
  /** What is not known without them, such as "what uses this tunnel". */
  readonly unknown: string;
}

/** That the static routes are being read, or can't be; nothing once they are there. */
export function RoutesUnread({ accountId, unknown }: RoutesUnreadProps) {
  const { data: routes, isFetching, refetch } = useQuery(routesQuery(accountId));
  if (routes) return null;
  if (routes === undefined) {
    return (
      <p role="status" className="text-kumo-subtle text-sm">
        Reading the static routes…
      </p>
    );
  }
  return (
    <div className="flex flex-col items-start gap-2 text-sm">
      <p role="status">The static routes can't be read just now, so {unknown} is not known.</p>
      <Button size="sm" loading={isFetching} onClick={() => void refetch()}>
        Read them again
      </Button>
    </div>
  );
}
