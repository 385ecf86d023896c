// The one safe next step after a create whose outcome is unknown: look whether the tunnel is there.

import { Button } from '@cloudflare/kumo/components/button';
import { useQuery } from '@tanstack/react-query';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { useState } from 'react';
import { ipsecTunnelsQuery } from '../api/list-ipsec-tunnels.ts';
import { useTunnelForm } from './form-context.tsx';

export function TunnelCheck({ onFound }: { readonly onFound: (tunnel: IpsecTunnel) => void }) {
  const { form } = useTunnelForm();
  // What was submitted, whatever the form says by now.
  const [{ account_id: accountId, name, interface_address: interfaceAddress }] = useState(() => form.getValues());
  const { data: tunnels, isFetching, isError, refetch } = useQuery({ ...ipsecTunnelsQuery(accountId), enabled: false });
  const [checkedAt, setCheckedAt] = useState<Date>();

  const check = async () => {
    await refetch();
    setCheckedAt(new Date());
  };
  const found = tunnels?.find(
    (tunnel) => tunnel.name === name.trim() && tunnel.interface_address === interfaceAddress.trim(),
  );

  return (
    <div className="flex flex-col items-start gap-2 text-sm">
      <p role="status">
        {checkedAt && !isFetching && verdict({ name: name.trim(), isError, isFound: found !== undefined, checkedAt })}
      </p>
      <div className="flex flex-wrap gap-2">
        <Button size="sm" loading={isFetching} onClick={check}>
          {checkedAt ? 'Check again' : 'Check whether it exists'}
        </Button>
        {checkedAt && found && !isFetching && !isError && (
          <Button size="sm" onClick={() => onFound(found)}>
            Show the tunnel
          </Button>
        )}
      </div>
    </div>
  );
}

interface Check {
  readonly name: string;
  readonly isError: boolean;
  readonly isFound: boolean;
  readonly checkedAt: Date;
}

function verdict({ name, isError, isFound, checkedAt }: Check): string {
  const time = checkedAt.toLocaleTimeString();
  if (isError) return `The account's tunnels could not be listed at ${time}.`;
  if (isFound) return `It exists: the tunnel ${name} with these values was in the account at ${time}.`;
  return `No tunnel ${name} was in the account at ${time}. Check once more in a minute, because a late request may still arrive; Cloudflare refuses a second tunnel of the same name.`;
}
