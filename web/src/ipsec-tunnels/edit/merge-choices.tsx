// A choice for each field that somebody else changed while the form was open: yours or theirs.

import { Radio } from '@cloudflare/kumo/components/radio';
import type { FieldValue } from '../../forms/fields.ts';
import type { MergedField } from '../../forms/update.ts';
import { useLiveFormContext } from '../../forms/use-live-form.ts';
import { FocusedAlert } from '../../ui/focused-alert.tsx';
import { Time } from '../../ui/time.tsx';
import { VisibleText } from '../../ui/visible-text.tsx';
import { fieldInWords, type TunnelFieldName, valueInWords } from '../form/tunnel-update.ts';
import { useFieldValue } from '../form/use-tunnel-field.ts';

export interface MergeChoicesProps {
  readonly fields: readonly MergedField<TunnelFieldName>[];
  /** When the tunnel was last changed, as Cloudflare tells it. */
  readonly changedOn: string | undefined;
  /** Whether its key was changed too. */
  readonly isKeyChanged: boolean;
  /** Whether the form was to be saved, and was not. */
  readonly wasSent: boolean;
}

/** Takes the focus when it appears. Each choice is put in the form at once. */
export function MergeChoices({ fields, changedOn, isKeyChanged, wasSent }: MergeChoicesProps) {
  return (
    <FocusedAlert className="gap-3 bg-kumo-base ring-2 ring-kumo-warning">
      <div>
        <h2 className="font-semibold">
          Somebody changed this tunnel since you opened it.{wasSent && ' Nothing was saved.'}
        </h2>
        <p className="text-kumo-subtle text-sm">
          {changedOn && (
            <>
              Changed on <Time at={changedOn} />.{' '}
            </>
          )}
          {fields.length === 0
            ? 'None of the values in this form differ. Save again.'
            : 'Choose which values to keep, then save again. Your other changes are as you left them.'}
          {isKeyChanged && ' Its pre-shared key was changed too: a key of yours would replace it.'}
        </p>
      </div>
      {fields.map((field) => (
        <Choice key={field.field} {...field} />
      ))}
    </FocusedAlert>
  );
}

function Choice({ field, yours, theirs, isConflict }: MergedField<TunnelFieldName>) {
  const { form, isReadOnly } = useLiveFormContext();
  const value = useFieldValue(field);
  const choose = (side: string) => {
    if (!isReadOnly) form.setValue(field, side === 'yours' ? yours : theirs, { shouldTouch: true });
  };
  return (
    <Radio.Group
      legend={fieldInWords(field)}
      className="gap-1"
      value={value === yours ? 'yours' : value === theirs ? 'theirs' : ''}
      onValueChange={choose}
    >
      <Radio.Item
        value="yours"
        label={<Side whose={isConflict ? 'Yours' : 'As it was'} {...{ field }} value={yours} />}
      />
      <Radio.Item value="theirs" label={<Side whose="Theirs" {...{ field }} value={theirs} />} />
    </Radio.Group>
  );
}

interface SideProps {
  readonly whose: string;
  readonly field: TunnelFieldName;
  readonly value: FieldValue;
}

function Side({ whose, field, value }: SideProps) {
  return (
    <span className="[overflow-wrap:anywhere]">
      {whose}:{' '}
      <span className="font-mono">
        <VisibleText text={valueInWords(field, value)} />
      </span>
    </span>
  );
}
