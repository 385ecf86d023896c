// The draft of another tunnel like one there is.

import type { KeySource } from '@tunnel-desk/shared/ipsec-tunnels/key-sources';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { draftStore } from '../../forms/draft.ts';
import { fromResource } from '../../forms/fields.ts';
import { TUNNEL_FORM, type TunnelContext, type TunnelFormValues } from './fields.ts';
import { generatePreSharedKey } from './generate-pre-shared-key.ts';

export const tunnelDraft = draftStore('tunnel-desk.draft', TUNNEL_FORM.fields);

/** The tunnel's form without what each tunnel must have of its own. A key is made anew where one was generated. */
export function duplicateFrom(tunnel: IpsecTunnel, context: TunnelContext, pskSource: KeySource): TunnelFormValues {
  const isGenerated = pskSource === 'generated';
  return {
    ...fromResource(TUNNEL_FORM, tunnel, context),
    pskSource: isGenerated ? 'generated' : 'later',
    psk: isGenerated ? generatePreSharedKey() : '',
    name: '',
    interface_address: '',
    interface_address6: '',
  };
}
