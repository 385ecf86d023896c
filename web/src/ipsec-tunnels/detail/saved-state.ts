// What the page of a tunnel knows right after it was saved, from the browser's history entry: no secret is in it.

import { z } from 'zod';

const savedStateSchema = z.object({
  saved: z.object({
    tunnelId: z.string(),
    /** ISO 8601. */
    at: z.string(),
    /** What changed, in words. */
    changes: z.array(
      z.object({
        field: z.string(),
        label: z.string(),
        from: z.string().optional(),
        to: z.string().optional(),
      }),
    ),
    /** What Cloudflare did not do as asked, as sentences. */
    kept: z.array(z.string()),
  }),
});

export type SavedState = z.infer<typeof savedStateSchema>;

/** What the history entry says of this tunnel's last update; `undefined` where it was opened in another way. */
export function savedIn(state: unknown, tunnelId: string): SavedState['saved'] | undefined {
  const saved = savedStateSchema.safeParse(state).data?.saved;
  return saved?.tunnelId === tunnelId ? saved : undefined;
}
