// That the audit log could not be read, and what to do.

import { Button, LinkButton } from '@cloudflare/kumo/components/button';
import { signInPath } from '@tunnel-desk/shared/api/paths';
import { AuditReadError } from './audit-queries.ts';

export interface ReadFailureProps {
  readonly error: Error;
  readonly isFetching: boolean;
  readonly onRetry: () => void;
}

export function ReadFailure({ error, isFetching, onRetry }: ReadFailureProps) {
  const known = error instanceof AuditReadError ? error : undefined;
  const { pathname, search } = window.location;
  return (
    <div role="alert" className="flex flex-col items-start gap-2">
      <p className="font-medium">The activity can't be shown just now.</p>
      <p className="text-sm">
        {known?.message ?? 'The response is not what this page expects: reload it.'}
        {known?.requestId && ` Request ID ${known.requestId}.`}
      </p>
      {known?.needsSignIn ? (
        <LinkButton href={signInPath(pathname + search)}>Sign in again</LinkButton>
      ) : (
        <Button loading={isFetching} onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}
