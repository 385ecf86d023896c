// What was said of single cells of a row, out of a failure or the errors that the desk keeps of it.

import type { EnvelopeMessage } from '@tunnel-desk/shared/api/envelope';
import { isDeskCode } from '@tunnel-desk/shared/api/errors';
import { IPSEC_TUNNEL_LABELS } from '@tunnel-desk/shared/ipsec-tunnels/labels';
import type { IpsecTunnelField } from '@tunnel-desk/shared/ipsec-tunnels/request';
import type { Failure } from '../../submission/outcome.ts';
import { fieldOfError } from '../form/read-response.ts';

/** An error at the cell it is about; `undefined` where it is about the row. */
export interface ResponseError {
  readonly field: IpsecTunnelField | undefined;
  readonly message: string;
}

export function errorsOfFailure({ fieldErrors, details }: Failure): readonly ResponseError[] {
  return [
    ...fieldErrors.map(({ field, message }) => ({ field: cellOf(field), message })),
    ...details.map((message) => ({ field: undefined, message })),
  ];
}

export function errorsOfMessages(errors: readonly EnvelopeMessage[]): readonly ResponseError[] {
  return errors.map((error) => {
    const { code, message } = error;
    return { field: cellOf(fieldOfError(error)), message: isDeskCode(code) ? message : `${message} (${code})` };
  });
}

/** The cell of a field of the form. */
function cellOf(formField: string | undefined): IpsecTunnelField | undefined {
  const path = formField?.replaceAll('/', '.');
  return path !== undefined && isCell(path) ? path : undefined;
}

function isCell(path: string): path is IpsecTunnelField {
  return Object.hasOwn(IPSEC_TUNNEL_LABELS, path);
}
