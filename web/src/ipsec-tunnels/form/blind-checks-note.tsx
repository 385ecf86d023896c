import { Button } from '@cloudflare/kumo/components/button';

export interface BlindChecksNoteProps {
  readonly isRetrying: boolean;
  readonly onRetry: () => void;
}

/** Says that names and addresses in use are not known, while the account's tunnels cannot be listed. */
export function BlindChecksNote({ isRetrying, onRetry }: BlindChecksNoteProps) {
  return (
    <div role="status" className="flex flex-col items-start gap-2 rounded-lg bg-kumo-warning-tint px-4 py-3 text-sm">
      <p className="text-kumo-warning">
        The account's tunnels can't be listed, so this page can't tell which names and addresses are already in use.
        Cloudflare checks them when you validate or create.
      </p>
      <Button size="sm" loading={isRetrying} onClick={onRetry}>
        List again
      </Button>
    </div>
  );
}
