// The likely causes, the most certain first, each with its evidence and what can be done about it.

import { Badge } from '@cloudflare/kumo/components/badge';
import { Button } from '@cloudflare/kumo/components/button';
import type { SessionAccount } from '@tunnel-desk/shared/api/session';
import type { Cause, Fix, Likelihood } from '@tunnel-desk/shared/health/cause';
import { type ReactNode, useId } from 'react';
import { useLocation } from 'wouter';
import { editTunnelPath } from '../../../app/paths.ts';
import { withUniqueKeys } from '../../../lib/unique-keys.ts';
import { VisibleText } from '../../../ui/visible-text.tsx';
import type { FixState } from '../../edit/tunnel-fix.ts';
import { Command } from './command.tsx';

export interface CauseListProps {
  readonly account: SessionAccount;
  readonly tunnelId: string;
  readonly causes: readonly Cause[];
  readonly onRotate: () => void;
}

export function CauseList({ account, tunnelId, causes, onRotate }: CauseListProps) {
  const reasonId = useId();
  const [, navigate] = useLocation();
  const { mayChange } = account;
  const off = mayChange ? {} : { 'aria-disabled': true, 'aria-describedby': reasonId, className: OFF };
  const apply = ({ values }: Fix) => {
    if (!mayChange) return;
    if (values === 'rotate-key') {
      onRotate();
      return;
    }
    const state: FixState = { fix: { tunnelId, values: { ...values } } };
    navigate(editTunnelPath(account.id, tunnelId), { state });
  };
  return (
    <div className="flex flex-col gap-3">
      <ol aria-label="Likely causes" className="flex flex-col divide-y divide-kumo-line">
        {withUniqueKeys(causes, ({ cause }) => cause).map(({ key, item }) => (
          <CauseItem key={key} cause={item}>
            {item.fix && (
              <Button size="sm" {...off} onClick={() => item.fix && apply(item.fix)}>
                {item.fix.label}
              </Button>
            )}
          </CauseItem>
        ))}
      </ol>
      {!mayChange && causes.some(({ fix }) => fix) && (
        <p id={reasonId} className="text-kumo-subtle text-sm">
          To change the tunnel takes the operator role.
        </p>
      )}
    </div>
  );
}

const LIKELIHOODS = {
  certain: { word: 'Certain', variant: 'error' },
  likely: { word: 'Likely', variant: 'warning' },
  possible: { word: 'Possible', variant: 'secondary' },
} as const satisfies Record<Likelihood, object>;

function CauseItem({ cause, children }: { readonly cause: Cause; readonly children: ReactNode }) {
  const { word, variant } = LIKELIHOODS[cause.likelihood];
  return (
    <li className="flex flex-col gap-1.5 py-3 text-sm first:pt-0 last:pb-0 sm:flex-row sm:gap-3">
      <span className="w-20 shrink-0">
        <Badge variant={variant}>{word}</Badge>
      </span>
      <div className="flex min-w-0 flex-1 flex-col gap-1.5 [overflow-wrap:anywhere]">
        <p>
          <VisibleText text={cause.sentence} dir="ltr" />
        </p>
        <ul aria-label="Evidence" className="flex flex-wrap gap-x-4 gap-y-0.5 text-kumo-subtle text-xs">
          {withUniqueKeys(cause.evidence, (each) => each).map(({ key, item }) => (
            <li key={key}>
              <VisibleText text={item} dir="ltr" />
            </li>
          ))}
        </ul>
        {cause.command && <Command command={cause.command} />}
      </div>
      <div className="shrink-0">{children}</div>
    </li>
  );
}

const OFF = 'cursor-not-allowed opacity-50';
