// A page that is one message: what happened, and what to do.

import type { ReactNode } from 'react';
import { usePageTitle } from '../lib/page-title.ts';

export interface NoticeProps {
  readonly title: string;
  readonly children: ReactNode;
}

export function Notice({ title, children }: NoticeProps) {
  usePageTitle(title);
  return (
    <div role="alert" className="flex max-w-prose flex-col items-start gap-3">
      <h1 className="font-semibold text-xl">{title}</h1>
      {children}
    </div>
  );
}
