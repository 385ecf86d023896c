import { Button } from '@cloudflare/kumo/components/button';
import { Dialog, DialogClose, DialogDescription, DialogRoot, DialogTitle } from '@cloudflare/kumo/components/dialog';
import { CONTROL } from './control.ts';
import type { Copyable } from './use-copy.ts';

export interface CopyByHandProps extends Copyable {
  readonly onClose: () => void;
}

/** A text that the browser refused to copy, selected for copying by hand. */
export function CopyByHand({ what, text, remarks, onClose }: CopyByHandProps) {
  return (
    <DialogRoot open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog size="lg" className="flex flex-col gap-4 p-5">
        <DialogTitle className="font-semibold text-lg">{what}</DialogTitle>
        <DialogDescription className="text-kumo-subtle">
          The browser refused to copy. Copy the text below by hand.
        </DialogDescription>
        <textarea
          aria-label={what}
          value={text}
          readOnly
          rows={12}
          onFocus={(event) => event.target.select()}
          className={`${CONTROL} h-auto! w-full resize-y whitespace-pre py-2 font-mono text-xs`}
          spellCheck={false}
        />
        {remarks.map((remark) => (
          <p key={remark} className="text-sm">
            {remark}
          </p>
        ))}
        <DialogClose render={(props) => <Button {...props}>Close</Button>} />
      </Dialog>
    </DialogRoot>
  );
}
