// What Cloudflare's guide for a device sets in the form, how that is undone, and what it leaves for the person to enter.

import { Button } from '@cloudflare/kumo/components/button';
import type { Session } from '@tunnel-desk/shared/api/session';
import { parseIp } from '@tunnel-desk/shared/ip/address';
import type { Device } from '@tunnel-desk/shared/ipsec-tunnels/devices';
import { presetFor } from '@tunnel-desk/shared/ipsec-tunnels/presets';
import { FieldLink } from '../../forms/field-link.tsx';
import { type FieldValue, namesOf, valueIn } from '../../forms/fields.ts';
import { fieldId } from '../../forms/use-field.ts';
import { type LiveForm, useLiveFormContext } from '../../forms/use-live-form.ts';
import { VisibleText } from '../../ui/visible-text.tsx';
import { EMPTY_FORM, TUNNEL_FORM, type TunnelFields } from '../form/fields.ts';
import { fieldInWords, valueInWords } from '../form/tunnel-update.ts';
import { useFieldValue } from '../form/use-tunnel-field.ts';
import { useFollowing } from './use-following.ts';

type Form = LiveForm['form'];
type Rules = Session['rules'];
type FieldName = keyof TunnelFields;

/** What stood in the fields that a guide has set. */
export type Followed = ReadonlyMap<FieldName, FieldValue>;

interface GuideProps {
  readonly device: Device;
  readonly rules: Rules;
}

/** Puts what the guide has in the form; returns what it replaced. */
export function followGuide(form: Form, device: Device, rules: Rules): Followed {
  const followed = new Map<FieldName, FieldValue>();
  for (const [name, value] of guideValues(device, rules)) {
    followed.set(name, form.getValues(name) ?? '');
    form.setValue(name, value);
  }
  return followed;
}

/**
 * Puts back what stood in the fields that still are as the guide has them: an empty form's values where that is not known,
 * as after a reload.
 */
export function leaveGuide(form: Form, device: Device, rules: Rules, followed: Followed | undefined): void {
  for (const [name, value] of guideValues(device, rules)) {
    if (form.getValues(name) !== value) continue;
    form.setValue(name, followed?.get(name) ?? valueIn(TUNNEL_FORM.fields, name, EMPTY_FORM));
  }
  const { targetsCustomerEndpoint } = presetFor(device, rules.interfaceAddressRules);
  if (targetsCustomerEndpoint && form.getValues(TARGET) === String(form.getValues('customer_endpoint')).trim()) {
    form.setValue(TARGET, '');
  }
}

const TARGET = 'health_check/target';

/** By the names of the form's fields, in their order, and those of a pair behind the rest. */
function guideValues(device: Device, rules: Rules): ReadonlyMap<FieldName, FieldValue> {
  const { sets, pair } = presetFor(device, rules.interfaceAddressRules);
  const values = new Map<string, FieldValue>([
    ...Object.entries(sets).map(([path, value]) => [path.replace('.', '/'), value] as const),
    ['pair/shares_key', pair.sharesKey],
    ['pair/shares_identity', pair.sharesIdentity],
  ]);
  const entries = namesOf(TUNNEL_FORM.fields).flatMap((name) => {
    const value = values.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return new Map(entries.toSorted(([a], [b]) => Number(isOfPair(a)) - Number(isOfPair(b))));
}

const isOfPair = (name: string) => name.startsWith('pair/');

/** In a sentence. */
export function WhatWasSet({ device, rules, followed }: GuideProps & { readonly followed: Followed | undefined }) {
  const { guide } = presetFor(device, rules.interfaceAddressRules);
  const values = [...guideValues(device, rules)].filter(([name, value]) => !isOfPair(name) || value === true);
  const replaced = values.flatMap(([name, value]) => {
    const before = followed?.get(name);
    const isOwn = before !== undefined && before !== valueIn(TUNNEL_FORM.fields, name, EMPTY_FORM);
    return isOwn && before !== value ? [[name, before] as const] : [];
  });
  return (
    <p>
      Set from Cloudflare's guide for {guide}: {values.map(inWords).join(', ')}.
      {replaced.length > 0 && (
        <>
          {' '}
          It replaces <VisibleText text={replaced.map(inWords).join(', ')} dir="ltr" />.
        </>
      )}
    </p>
  );
}

function inWords([name, value]: readonly [FieldName, FieldValue]): string {
  const label = fieldInWords(name);
  const inSentence = label.charAt(0).toLowerCase() + label.slice(1);
  return isOfPair(name) ? inSentence : `${inSentence} ${valueInWords(name, value)}`;
}

/** What only a person knows, why the guide has what it has, and the way back. */
export function WhatIsAsked({ device, rules, onUndo }: GuideProps & { readonly onUndo: () => void }) {
  const { asks, why, targetsCustomerEndpoint } = presetFor(device, rules.interfaceAddressRules);
  const router = useFieldValue('customer_endpoint').trim();
  const isComplete = router === '' || parseIp(router) !== undefined;
  useFollowing(TARGET, targetsCustomerEndpoint && isComplete ? router : undefined);
  const target = useFieldValue(TARGET).trim();
  const { labelOf } = useLiveFormContext();
  return (
    <div className="flex flex-col items-start gap-2 text-kumo-subtle text-sm">
      {why.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {targetsCustomerEndpoint && isComplete && target !== '' && target !== router && (
        <p>
          You have entered another health check target, <VisibleText text={target} dir="ltr" />.
        </p>
      )}
      {asks.length > 0 && (
        <>
          <p className="text-kumo-default">For you to enter:</p>
          <ul className="list-disc pl-5">
            {asks.map(({ field, why }) => {
              const name = field.replace('.', '/');
              return (
                <li key={field}>
                  <FieldLink controlId={fieldId(name)}>{labelOf(name)}</FieldLink>: {why}
                </li>
              );
            })}
          </ul>
        </>
      )}
      <Button size="sm" variant="outline" onClick={onUndo}>
        Undo what the guide set
      </Button>
    </div>
  );
}
