// The controls that narrow the activity: what is chosen takes effect at once, what is typed when it is left or entered.

import { AUDIT_ACTIONS, AUDIT_RESULTS } from '@tunnel-desk/shared/api/audit';
import type { Account } from '@tunnel-desk/shared/api/session';
import { cloudflareIdentifier } from '@tunnel-desk/shared/ipsec-tunnels/fields';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useState } from 'react';
import type { AuditFilter } from '../audit/filter.ts';
import { ACTIONS, OUTCOMES } from '../audit/words.ts';
import { withVisibleCharacters } from '../lib/visible-characters.ts';
import { CONTROL, NO_LOGIN } from '../ui/control.ts';
import { fromLocalInput, minutesAgo, toLocalInput } from './local-time.ts';

export interface FilterBarProps {
  readonly filter: AuditFilter;
  readonly accounts: readonly Account[];
  /** Who is known from the entries: what they are called, by what identifies them. */
  readonly personNames: ReadonlyMap<string, string>;
  readonly onChange: (part: Partial<AuditFilter>) => void;
}

export function FilterBar({ filter, accounts, personNames, onChange }: FilterBarProps) {
  const { person, account, tunnel, tunnel_id: tunnelId, action, outcome } = filter;
  return (
    <search aria-label="Filters" className="grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-6">
      <TypedFilter
        label="Person"
        hint="as the sign-in identifies them"
        value={person ?? ''}
        choices={personNames}
        onChange={(typed) => onChange({ person: typed || undefined })}
      />
      {accounts.length > 1 && (
        <ChosenFilter
          label="Account"
          any="Any account"
          value={account}
          options={accounts.map(({ id, label }) => [id, withVisibleCharacters(label)])}
          onChange={(chosen) => onChange({ account: chosen })}
        />
      )}
      <TypedFilter
        label="Tunnel"
        hint="its whole name, or its ID"
        value={tunnelId ?? tunnel ?? ''}
        onChange={(typed) => onChange(tunnelFilter(typed))}
      />
      <ChosenFilter
        label="Action"
        any="Any action"
        value={action}
        options={AUDIT_ACTIONS.map((each) => [each, ACTIONS[each].name])}
        onChange={(chosen) => onChange({ action: chosen })}
      />
      <ChosenFilter
        label="Outcome"
        any="Any outcome"
        value={outcome}
        options={AUDIT_RESULTS.map((each) => [each, OUTCOMES[each].word])}
        onChange={(chosen) => onChange({ outcome: chosen })}
      />
      <TimeFilter filter={filter} onChange={onChange} />
    </search>
  );
}

/** An ID is one whatever it is typed for: a tunnel's name of that form would be a curious one. */
function tunnelFilter(typed: string): Partial<AuditFilter> {
  if (typed === '') return { tunnel: undefined, tunnel_id: undefined };
  return cloudflareIdentifier.safeParse(typed).success
    ? { tunnel: undefined, tunnel_id: typed }
    : { tunnel: typed, tunnel_id: undefined };
}

const SPANS = [
  ['60', 'The last hour'],
  ['1440', 'The last 24 hours'],
  ['10080', 'The last 7 days'],
  ['43200', 'The last 30 days'],
] as const;
const RANGE = 'range';

/** A span is written as the moment it began at: a link to it shows the same entries tomorrow. */
function TimeFilter({ filter: { since, until }, onChange }: Pick<FilterBarProps, 'filter' | 'onChange'>) {
  const isRange = since !== undefined || until !== undefined;
  const choose = (span: string | undefined) => {
    onChange({ since: span === undefined ? undefined : minutesAgo(Number(span)), until: undefined });
  };
  return (
    <>
      <ChosenFilter
        label="Time"
        any="Any time"
        value={isRange ? RANGE : undefined}
        options={[...SPANS, ...(isRange ? [[RANGE, 'As below'] as const] : [])]}
        onChange={(chosen) => chosen !== RANGE && choose(chosen)}
      />
      {isRange && (
        <>
          <TypedFilter
            type="datetime-local"
            label="From"
            hint="in your own time"
            value={toLocalInput(since)}
            onChange={(typed) => onChange({ since: fromLocalInput(typed) })}
          />
          <TypedFilter
            type="datetime-local"
            label="Before"
            hint="in your own time"
            value={toLocalInput(until)}
            onChange={(typed) => onChange({ until: fromLocalInput(typed) })}
          />
        </>
      )}
    </>
  );
}

interface LabelledProps {
  readonly label: string;
  /** A date with its time is wider than a word. */
  readonly isWide?: boolean;
  readonly hint?: string;
  readonly children: (ids: { readonly id: string; readonly 'aria-describedby'?: string }) => ReactNode;
}

function Labelled({ label, hint, isWide, children }: LabelledProps) {
  const id = useId();
  const hintId = `${id}-hint`;
  return (
    <div className={`flex min-w-0 flex-col gap-1 ${isWide ? 'col-span-2' : ''}`}>
      <label htmlFor={id} className="font-medium text-sm">
        {label}
      </label>
      {children(hint === undefined ? { id } : { id, 'aria-describedby': hintId })}
      {hint && (
        <span id={hintId} className="text-kumo-subtle text-xs">
          {hint}
        </span>
      )}
    </div>
  );
}

interface ChosenFilterProps<Value extends string> {
  readonly label: string;
  /** The option that filters nothing. */
  readonly any: string;
  readonly value: Value | undefined;
  readonly options: readonly (readonly [Value, string])[];
  readonly onChange: (value: Value | undefined) => void;
}

function ChosenFilter<Value extends string>({ label, any, value, options, onChange }: ChosenFilterProps<Value>) {
  return (
    <Labelled label={label}>
      {(ids) => (
        <select
          {...ids}
          value={value ?? ''}
          onChange={({ target }) => onChange(options.find(([each]) => each === target.value)?.[0])}
          className={`${CONTROL} w-full`}
        >
          <option value="">{any}</option>
          {options.map(([each, words]) => (
            <option key={each} value={each}>
              {words}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}

interface TypedFilterProps {
  readonly label: string;
  readonly hint: string;
  readonly type?: 'text' | 'datetime-local';
  readonly value: string;
  /** Values to choose from, and what each is called. */
  readonly choices?: ReadonlyMap<string, string>;
  readonly onChange: (value: string) => void;
}

function TypedFilter({ label, hint, type = 'text', value, choices, onChange }: TypedFilterProps) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  const commit = () => {
    const wanted = typed.trim();
    if (wanted !== value) onChange(wanted);
  };
  const onKeyDown = ({ key }: KeyboardEvent) => {
    if (key === 'Enter') commit();
  };
  const listId = useId();
  return (
    <Labelled label={label} hint={hint} isWide={type === 'datetime-local'}>
      {(ids) => (
        <>
          <input
            {...ids}
            {...NO_LOGIN}
            type={type}
            list={choices && listId}
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
            onBlur={commit}
            onKeyDown={onKeyDown}
            className={`${CONTROL} w-full min-w-0`}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
          />
          {choices && (
            <datalist id={listId}>
              {[...choices].map(([each, words]) => (
                <option key={each} value={each}>
                  {withVisibleCharacters(words)}
                </option>
              ))}
            </datalist>
          )}
        </>
      )}
    </Labelled>
  );
}
