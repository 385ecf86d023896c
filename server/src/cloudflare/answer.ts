import type { Envelope } from '@tunnel-desk/shared/api/envelope';

/** How a call to Cloudflare ended. */
export type UpstreamAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** What Cloudflare said, without any secret of this call. */
      readonly envelope: Envelope;
      readonly cfRay: string | undefined;
      readonly retryAfter: string | undefined;
    }
  /** Nothing was sent. */
  | { readonly kind: 'unreachable'; readonly reason: string }
  /** The connection broke after the request may have been sent. */
  | { readonly kind: 'connection-lost'; readonly reason: string }
  /** No whole answer within the time limit, after the request may have been sent. */
  | { readonly kind: 'timed-out' }
  /** Something answered, but not what Cloudflare answers. */
  | {
      readonly kind: 'unintelligible';
      readonly status: number;
      readonly cfRay: string | undefined;
      readonly retryAfter: string | undefined;
    };
