// A page that is one message: what is the matter, and what to do.

import type { ReactNode } from 'react';

export interface NoticeProps {
  readonly title: string;
  readonly children: ReactNode;
}

export function Notice({ title, children }: NoticeProps) {
  return (
    <div role="alert" className="flex flex-col items-start gap-3">
      <h1 className="font-semibold text-xl">{title}</h1>
      {children}
    </div>
  );
}
