// From a fix the schema suggests for the request back to what the form holds.

import { customIdentitySuffix } from '@tunnel-desk/shared/ipsec-tunnels/fields';
import { replaceEntry } from '@tunnel-desk/shared/ipsec-tunnels/prefix-list';
import type { FieldName, TunnelFormValues } from './tunnel-form.ts';

export interface Suggestion {
  readonly path: readonly (string | number)[];
  readonly suggestion: string;
}

/** The text the field should hold for the suggestion to be sent. */
export function withSuggestion(values: TunnelFormValues, field: FieldName, { path, suggestion }: Suggestion): string {
  switch (field) {
    case 'custom_remote_identities.fqdn_id':
      return suggestion.replace(customIdentitySuffix(values.account_id), '');
    case 'bgp.extra_prefixes':
      return replaceEntry(values.bgp.extra_prefixes, Number(path.at(-1)), suggestion);
    default:
      return suggestion;
  }
}
