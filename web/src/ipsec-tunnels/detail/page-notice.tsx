import { type ReactNode, useEffect, useRef } from 'react';
import { usePageTitle } from '../../lib/page-title.ts';
import { VisibleText } from '../../ui/visible-text.tsx';

export interface PageNoticeProps {
  readonly title: string;
  readonly children: ReactNode;
}

/** A page that is one message, whose heading takes the focus. */
export function PageNotice({ title, children }: PageNoticeProps) {
  usePageTitle(title);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div className="flex max-w-prose flex-col items-start gap-3 pb-6">
      <h1 ref={heading} tabIndex={-1} className="font-semibold text-2xl [overflow-wrap:anywhere]">
        <VisibleText text={title} />
      </h1>
      {children}
    </div>
  );
}
