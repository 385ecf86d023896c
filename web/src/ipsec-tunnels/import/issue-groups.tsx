// What is wrong with the rows, each kind of issue once, with one fix for all of them.

import { Button } from '@cloudflare/kumo/components/button';
import { WarningCircleIcon, WarningIcon } from '@phosphor-icons/react';
import type { IssueGroup } from '@tunnel-desk/shared/ipsec-tunnels/import/groups';
import { IPSEC_TUNNEL_LABELS } from '@tunnel-desk/shared/ipsec-tunnels/labels';
import { type ReactNode, useEffect, useEffectEvent, useRef, useState } from 'react';
import { VisibleText } from '../../ui/visible-text.tsx';

export interface IssueGroupsProps {
  readonly groups: readonly IssueGroup[];
  /** The one whose rows are shown. */
  readonly shown: IssueGroup | undefined;
  readonly onShow: (group: IssueGroup | undefined) => void;
  readonly onFix: (group: IssueGroup) => void;
  /** Called when the last one has gone with the button that had the focus. */
  readonly onGone: () => void;
  /** Buttons for what is no issue of a value. */
  readonly ways: (group: IssueGroup) => ReactNode;
}

/** So that the table below stays in view: the kinds of the most rows are first. */
const AT_FIRST = 4;

export function IssueGroups({ groups, shown, onShow, onFix, onGone, ways }: IssueGroupsProps) {
  const section = useRef<HTMLElement>(null);
  const hasFixed = useRef(false);
  const [isWhole, setWhole] = useState(false);
  const keepFocus = useEffectEvent(() => {
    if (!hasFixed.current || document.activeElement !== document.body) return;
    if (section.current === null) onGone();
    else section.current.focus();
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a button goes with its group
  useEffect(() => keepFocus(), [groups]);
  if (groups.length === 0) return null;
  return (
    <section
      ref={section}
      tabIndex={-1}
      aria-label="Issues by kind"
      className="shrink-0 overflow-hidden rounded-lg bg-kumo-base ring ring-kumo-line"
    >
      <ul className="divide-y divide-kumo-line">
        {(isWhole ? groups : groups.slice(0, AT_FIRST)).map((group) => {
          const isShown = shown !== undefined && isSameGroup(shown, group);
          return (
            <li key={`${group.field} ${group.severity} ${group.message}`} className="flex flex-wrap gap-2 px-3 py-1.5">
              <p className="flex min-w-0 flex-1 basis-80 items-start gap-1.5 py-0.5 text-sm [overflow-wrap:anywhere]">
                <Mark severity={group.severity} />
                <span className="min-w-0">
                  <span className="font-medium">
                    {count(group.rows.length, 'row')}: {IPSEC_TUNNEL_LABELS[group.field]}
                  </span>
                  {': '}
                  <VisibleText text={group.message} dir="ltr" />
                </span>
              </p>
              <div className="flex flex-wrap items-center gap-2">
                {group.fixable > 0 && (
                  <Button
                    size="sm"
                    onClick={() => {
                      hasFixed.current = true;
                      onFix(group);
                    }}
                  >
                    {fixLabel(group)}
                  </Button>
                )}
                {ways(group)}
                <Button
                  size="sm"
                  variant="ghost"
                  aria-pressed={isShown}
                  aria-label={`Show the rows: ${IPSEC_TUNNEL_LABELS[group.field]}: ${group.message}`}
                  onClick={() => onShow(isShown ? undefined : group)}
                >
                  {isShown ? 'Show all' : 'Show'}
                </Button>
              </div>
            </li>
          );
        })}
      </ul>
      {groups.length > AT_FIRST && (
        <div className="border-kumo-line border-t px-3 py-1.5">
          <Button size="sm" variant="ghost" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
            {isWhole ? 'Show fewer' : `Show all ${groups.length} kinds`}
          </Button>
        </div>
      )}
    </section>
  );
}

function Mark({ severity }: Pick<IssueGroup, 'severity'>) {
  return severity === 'risk' ? (
    <WarningIcon role="img" aria-label="Advice:" className="mt-0.5 size-4 shrink-0 text-kumo-warning" />
  ) : (
    <WarningCircleIcon
      role="img"
      aria-label="Issue:"
      weight="fill"
      className="mt-0.5 size-4 shrink-0 text-kumo-danger"
    />
  );
}

function fixLabel({ fixable, rows }: IssueGroup): string {
  if (rows.length === 1) return 'Fix';
  return fixable === rows.length ? `Fix all ${fixable}` : `Fix ${fixable} of ${rows.length}`;
}

/** A group is made anew whenever the rows change. */
export function isSameGroup(a: IssueGroup, b: IssueGroup): boolean {
  return a === b || (a.field === b.field && a.severity === b.severity && a.message === b.message);
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}
