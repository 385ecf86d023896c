// The two BGP filter profiles: chosen by name where the account's profiles can be listed, else typed as their IDs.

import { useQuery } from '@tanstack/react-query';
import type { BgpFilterProfile } from '@tunnel-desk/shared/neighbours';
import { useState } from 'react';
import { shortId } from '../../lib/short-id.ts';
import { withVisibleCharacters } from '../../lib/visible-characters.ts';
import { FieldRow } from '../../ui/card.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { bgpFilterProfilesQuery } from '../api/list-bgp-filter-profiles.ts';
import { Text } from './bound-fields.tsx';
import { useField } from './use-tunnel-field.ts';

const PURPOSES = {
  'bgp/import_filter_id': 'filters routes from your router.',
  'bgp/export_filter_id': 'filters routes to your router.',
} as const;

type FilterField = keyof typeof PURPOSES;

/** They are listed only once this is shown. */
export function FilterProfileFields({ accountId }: { readonly accountId: string }) {
  const { data: profiles, isLoading } = useQuery(bgpFilterProfilesQuery(accountId));
  const fieldFor = (name: FilterField) =>
    profiles || isLoading ? (
      <ProfileSelect name={name} profiles={profiles ?? undefined} />
    ) : (
      <Text name={name} explanation={`ID of the profile that ${PURPOSES[name]}`} optional mono />
    );
  return (
    <FieldRow>
      {fieldFor('bgp/import_filter_id')}
      {fieldFor('bgp/export_filter_id')}
    </FieldRow>
  );
}

interface ProfileSelectProps {
  readonly name: FilterField;
  /** Absent while they are being listed. */
  readonly profiles: readonly BgpFilterProfile[] | undefined;
}

function ProfileSelect({ name, profiles }: ProfileSelectProps) {
  const field = useField(name);
  // An ID that is not in the list can be chosen again after another one was.
  const [initial] = useState(field.value);
  const unlisted = [...new Set([initial, field.value])].filter(
    (value) => value !== '' && !profiles?.some(({ id }) => id === value),
  );
  return (
    <SelectField
      {...field}
      explanation={`The profile that ${PURPOSES[name]}`}
      optional
      options={[
        { value: '', label: labelOfNone(profiles) },
        ...(profiles ?? []).map((profile) => ({ value: profile.id, label: labelOf(profile, profiles ?? []) })),
        ...unlisted.map((id) => ({
          value: id,
          label: withVisibleCharacters(profiles ? `${id} (not in the list)` : id),
        })),
      ]}
    />
  );
}

function labelOfNone(profiles: ProfileSelectProps['profiles']): string {
  if (profiles === undefined) return 'Listing the profiles…';
  return profiles.length === 0 ? 'None: the account has no profiles' : 'None';
}

/** With its ID where another one has the same name. */
function labelOf({ id, name }: BgpFilterProfile, profiles: readonly BgpFilterProfile[]): string {
  if (name === undefined) return id;
  const isAmbiguous = profiles.filter((profile) => profile.name === name).length > 1;
  return withVisibleCharacters(isAmbiguous ? `${name} (${shortId(id)})` : name);
}
