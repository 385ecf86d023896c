import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { VisibleText } from '../../../ui/visible-text.tsx';

export interface TunnelNamesProps {
  readonly tunnels: readonly { readonly tunnel: IpsecTunnel; readonly why?: string }[];
  readonly label: string;
}

/** Tunnels by name and interface address, with why, where there is something to say; all of them, to scroll through. */
export function TunnelNames({ tunnels, label }: TunnelNamesProps) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keyboard (WCAG 2.1.1)
      tabIndex={0}
      className="max-h-48 shrink-0 overflow-y-auto rounded-lg ring ring-kumo-line"
    >
      <ul className="divide-y divide-kumo-line text-sm">
        {tunnels.map(({ tunnel, why }) => (
          <li key={tunnel.id} className="px-3 py-1.5 [overflow-wrap:anywhere]">
            <span className="font-medium">
              <VisibleText text={tunnel.name} />
            </span>{' '}
            <span className="font-mono text-kumo-subtle">{tunnel.interface_address}</span>
            {why && (
              <p>
                <VisibleText text={why} dir="ltr" />
              </p>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
