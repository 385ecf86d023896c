// The menu behind "Copy as", with all that it needs to write its formats. It is loaded when somebody goes for it.

import { Button } from '@cloudflare/kumo/components/button';
import { DropdownMenu } from '@cloudflare/kumo/components/dropdown';
import { CaretDownIcon } from '@phosphor-icons/react';
import { exportedTunnel, tunnelToCreate } from '@tunnel-desk/shared/ipsec-tunnels/export/exported-tunnel';
import { useState } from 'react';
import type { Copyable, Copying } from '../../ui/use-copy.ts';
import type { CopySource } from './copy-source.ts';
import { COPY_FORMATS, type CopyFormat } from './formats.ts';

export interface CopyAsMenuProps {
  /** Empty while none is chosen. */
  readonly accountId: string;
  readonly label: string;
  /** What there is to copy at the moment it is asked for. */
  readonly source: () => CopySource;
  readonly copy: Copying['copy'];
}

/** Opens by itself: it appears because somebody pressed the button that it replaces. */
export function CopyAsMenu({ accountId, label, source, copy }: CopyAsMenuProps) {
  // All of the page is in a landmark, and so is its menu.
  const [main] = useState(() => document.querySelector('main'));
  return (
    <DropdownMenu defaultOpen>
      <DropdownMenu.Trigger
        render={
          <Button>
            {label}
            <CaretDownIcon aria-hidden />
          </Button>
        }
      />
      <DropdownMenu.Content align="start" container={main}>
        {COPY_FORMATS.map((format) => (
          <DropdownMenu.Item key={format.label} onClick={() => copy(copyable(format, source(), accountId))}>
            {format.label}
          </DropdownMenu.Item>
        ))}
      </DropdownMenu.Content>
    </DropdownMenu>
  );
}

const NO_ACCOUNT = '{account ID}';

/** The source in this format, and what to know about it. */
export function copyable(format: CopyFormat, source: CopySource, accountId: string): Copyable {
  const tunnels = source.kind === 'tunnels' ? source.tunnels.map(exportedTunnel) : source.requests.map(tunnelToCreate);
  const text = format.write(tunnels, accountId || NO_ACCOUNT);
  return {
    text,
    what: format.what(tunnels.length),
    remarks: [
      ...(source.kind === 'form' && source.issueCount > 0 ? [aboutIssues(source.issueCount)] : []),
      ...(text.includes(NO_ACCOUNT) ? [`No account is chosen: put its ID in the place of ${NO_ACCOUNT}.`] : []),
      ...(tunnels.some(({ hasKey }) => hasKey) ? [format.aboutKey(tunnels.length)] : []),
    ],
  };
}

function aboutIssues(count: number): string {
  return count === 1
    ? 'The form has an issue: Cloudflare would reject this.'
    : `The form has ${count} issues: Cloudflare would reject this.`;
}
