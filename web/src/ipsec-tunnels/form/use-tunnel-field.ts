// How the cards bind and watch the fields of a tunnel.

import { fieldHooks } from '../../forms/use-field.ts';
import { TUNNEL_FORM } from './fields.ts';

export const { useField, useFieldValue } = fieldHooks(TUNNEL_FORM);
