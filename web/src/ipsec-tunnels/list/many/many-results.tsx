// How a run over tunnels ended: what was done, what was not and why, and what nobody knows yet.

import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import type { ReactNode } from 'react';
import type { ManyOutcomes } from '../../../submission/many-outcomes.ts';
import { TunnelNames, type TunnelNamesProps } from './tunnel-names.tsx';

export interface ManyResultsProps {
  readonly outcomes: Omit<ManyOutcomes<IpsecTunnel, unknown>, 'done'>;
  /** Those that were done, where their names are to be listed. */
  readonly done: readonly IpsecTunnel[];
  /** What each was: "deleted". */
  readonly participle: string;
  /** Beside those whose result was lost. */
  readonly lostNote?: ReactNode;
}

export function ManyResults({ outcomes, done, participle, lostNote }: ManyResultsProps) {
  const { lost, notDone, unknown, stopped } = outcomes;
  return (
    <>
      <Group title={`Not known yet: ${unknown.length}`} tunnels={unknown.map(named)}>
        We keep looking as long as this stays open. The activity log has them too.
      </Group>
      <Group title={`The new key was lost: ${lost.length}`} tunnels={lost.map((tunnel) => ({ tunnel }))}>
        {lostNote}
      </Group>
      <Group title={`Not ${participle}: ${notDone.length}`} tunnels={notDone.map(named)} />
      <Group
        title={`Not sent, because you stopped: ${stopped.length}`}
        tunnels={stopped.map((tunnel) => ({ tunnel }))}
      />
      <Group title={`${capitalize(participle)}: ${done.length}`} tunnels={done.map((tunnel) => ({ tunnel }))} />
    </>
  );
}

interface GroupProps extends Pick<TunnelNamesProps, 'tunnels'> {
  readonly title: string;
  readonly children?: ReactNode;
}

function Group({ title, tunnels, children }: GroupProps) {
  if (tunnels.length === 0) return null;
  return (
    <section className="flex flex-col gap-1.5">
      <h3 className="font-semibold">{title}</h3>
      {children && <div className="text-sm">{children}</div>}
      <TunnelNames label={title} tunnels={tunnels} />
    </section>
  );
}

function named({ item, why }: { readonly item: IpsecTunnel; readonly why: string }) {
  return { tunnel: item, why };
}

const capitalize = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
