// The words for what an IPsec tunnel's fields hold.

import type { TunnelFormValues } from './fields.ts';

type Labels<Value extends string> = Readonly<Record<Value, string>>;

export const RATES: Labels<TunnelFormValues['health_check/rate']> = { low: 'Low', mid: 'Medium', high: 'High' };
export const TYPES: Labels<TunnelFormValues['health_check/type']> = { reply: 'Reply', request: 'Request' };
export const DIRECTIONS: Labels<TunnelFormValues['health_check/direction']> = {
  unidirectional: 'Unidirectional',
  bidirectional: 'Bidirectional',
};
