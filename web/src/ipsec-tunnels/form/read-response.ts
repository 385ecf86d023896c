// How responses about IPsec tunnels are read.

import type { EnvelopeMessage } from '@tunnel-desk/shared/api/envelope';
import { createdTunnelSchema, type IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { fromPointer } from '@tunnel-desk/shared/issues';
import { fieldAt, namesOf } from '../../forms/fields.ts';
import type { ResponseReader } from '../../submission/outcome.ts';
import { TUNNEL_FORM } from './fields.ts';

export const createReader: ResponseReader<IpsecTunnel> = {
  change: 'create',
  read: (result) => createdTunnelSchema.safeParse(result).data,
  fieldOf: fieldOfError,
};

/** The field of an error, by its pointer, else by the request's own name for a field in its free text; `undefined` for neither. */
export function fieldOfError({ source, message }: EnvelopeMessage): string | undefined {
  if (source?.pointer !== undefined) return fieldAt(TUNNEL_FORM, fromPointer(source.pointer));
  return FIELD_WORDS.find(({ word }) => word.test(message))?.field;
}

/** Each field's last key as a word; those with an underscore first, because they are never ordinary words. */
const FIELD_WORDS = namesOf(TUNNEL_FORM.fields)
  .map((field) => ({ field, key: field.split('/').at(-1) ?? field }))
  .filter(({ key }) => key.includes('_') || key === 'name' || key === 'psk')
  .sort((a, b) => Number(b.key.includes('_')) - Number(a.key.includes('_')))
  .map(({ field, key }) => ({ field, word: new RegExp(`(?<!\\w)${key}(?!\\w)`) }));
