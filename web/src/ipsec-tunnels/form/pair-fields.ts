// The fields of a redundant pair: what the second tunnel has of its own. A form that makes a pair has them in its request, as a
// group beside the first tunnel's fields, and sends two requests made of both.

import { DEFAULT_SUFFIXES } from '@tunnel-desk/shared/ipsec-tunnels/pair-suffixes';
import { flag, freeText, secret, text } from '../../forms/field-kinds.ts';
import type { Field } from '../../forms/fields.ts';
import * as unfinished from './unfinished.ts';

export const PAIR_FIELDS = {
  'pair/first_suffix': suffix('First suffix', DEFAULT_SUFFIXES[0]),
  'pair/second_suffix': suffix('Second suffix', DEFAULT_SUFFIXES[1]),
  'pair/second_endpoint': text('Second Cloudflare endpoint', { isUnfinished: unfinished.isAddressStart }),
  'pair/second_customer_endpoint': text('Second customer endpoint', { isUnfinished: unfinished.isAddressStart }),
  'pair/second_interface_address': text('Second interface address', {
    isUnfinished: unfinished.isInterfaceAddressStart,
  }),
  'pair/second_interface_address6': text('Second IPv6 interface address', {
    isUnfinished: unfinished.isInterfaceAddress6Start,
  }),
  'pair/shares_key': flag('One pre-shared key for both', false),
  'pair/second_psk': secret('Second pre-shared key'),
  'pair/shares_identity': flag('One custom IKE identity for both', false),
};

function suffix(label: string, byDefault: string): Field<string, unknown> {
  return {
    ...freeText(label),
    empty: byDefault,
    toRequest: (value) => value.trim(),
    fromResource: (found) => (typeof found === 'string' ? found : byDefault),
  };
}
