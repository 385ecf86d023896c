import { QueryClient } from '@tanstack/react-query';

/** Reads only. A create never goes through it: its cache would keep the pre-shared key. */
export const queryClient = new QueryClient({
  defaultOptions: { queries: { retry: 1, staleTime: 30_000, refetchOnWindowFocus: true } },
});
