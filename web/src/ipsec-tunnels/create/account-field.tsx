import type { Account } from '@tunnel-desk/shared/api/session';
import { shortId } from '../../lib/short-id.ts';
import { SelectField } from '../../ui/select-field.tsx';

export const ACCOUNT_FIELD = { controlId: 'field-account', label: 'Account' } as const;
export const ACCOUNT_MISSING = 'choose the account the tunnel is for';

export interface AccountFieldProps {
  readonly accounts: readonly Account[];
  /** Empty while none is chosen. */
  readonly accountId: string;
  readonly onChange: (accountId: string) => void;
  /** Whether it is time to say that one must be chosen. */
  readonly isMissed: boolean;
  readonly readOnly: boolean;
}

/** Whose tunnel it is. It is part of the page's URL, not of the form. */
export function AccountField({ accounts, accountId, onChange, isMissed, readOnly }: AccountFieldProps) {
  return (
    <SelectField
      id={ACCOUNT_FIELD.controlId}
      label={ACCOUNT_FIELD.label}
      explanation="The Cloudflare account the tunnel will belong to."
      value={accountId}
      onChange={onChange}
      onBlur={() => undefined}
      readOnly={readOnly}
      errors={isMissed ? [{ key: 'missing', message: ACCOUNT_MISSING }] : []}
      advisories={[]}
      options={[
        ...(accountId === '' ? [{ value: '', label: 'Choose an account' }] : []),
        ...accounts.map(({ id, label }) => ({ value: id, label: `${label} (${shortId(id)})` })),
      ]}
    />
  );
}
