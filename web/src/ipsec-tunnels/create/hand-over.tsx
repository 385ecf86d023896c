// Takes the form elsewhere as it stands: into another tool, or to somebody who goes on with it.

import { Button } from '@cloudflare/kumo/components/button';
import { LinkIcon } from '@phosphor-icons/react';
import { newTunnelPath } from '../../app/paths.ts';
import { valuesFrom } from '../../forms/fields.ts';
import { toFragment, withheldLabels } from '../../forms/shared-draft.ts';
import { useLiveFormContext } from '../../forms/use-live-form.ts';
import { CopyOutcome } from '../../ui/copy-outcome.tsx';
import { type Copyable, useCopy } from '../../ui/use-copy.ts';
import { CopyFormAs, type CopyFormAsProps } from '../copy-as/copy-as.tsx';
import { TUNNEL_FORM } from '../form/fields.ts';

export type HandOverProps = Pick<CopyFormAsProps, 'accountId' | 'requestsOf'>;

export function HandOver({ accountId, requestsOf }: HandOverProps) {
  const { copy, last, forget } = useCopy();
  const { form } = useLiveFormContext();
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap gap-2">
        <CopyFormAs accountId={accountId} copy={copy} requestsOf={requestsOf} />
        <Button icon={LinkIcon} onClick={() => copy(linkTo(accountId, form.getValues()))}>
          Copy link
        </Button>
      </div>
      <CopyOutcome last={last} forget={forget} />
    </div>
  );
}

/** A link that opens the form with these values, but for its keys. */
function linkTo(accountId: string, current: Readonly<Record<string, unknown>>): Copyable {
  const { fields } = TUNNEL_FORM;
  const values = valuesFrom(fields, (name) => current[name]);
  return {
    text: window.location.origin + newTunnelPath(accountId) + toFragment(fields, values),
    what: 'Link to this draft',
    remarks: [
      'It opens the form as it is now, for anybody at this desk.',
      ...withheldLabels(fields, values).map((label) => `Not in it: ${label}.`),
    ],
  };
}
