// The search and the filters of the list.

import { Button } from '@cloudflare/kumo/components/button';
import { CaretRightIcon, MagnifyingGlassIcon } from '@phosphor-icons/react';
import { SHOWN_STATES } from '@tunnel-desk/shared/health/states';
import { type ReactNode, useMemo, useRef } from 'react';
import { withVisibleCharacters } from '../../lib/visible-characters.ts';
import { useQuickActions } from '../../quick-actions/use-quick-actions.ts';
import { CONTROL, NO_LOGIN } from '../../ui/control.ts';
import { isListedDrift, LISTED_DRIFTS } from '../drift/drift-by-id.ts';
import { isShownState } from '../health/health-by-name.ts';
import { STATE_WORDS } from '../health/words.ts';
import { bgpState } from './columns.ts';
import { BGP_OFF, BGP_ON, isFiltering, type ListFilter, NO_FILTER } from './filter-rows.ts';
import type { TunnelRow } from './tunnel-row.ts';
import type { ListViewState } from './use-list-view.ts';

export interface FilterBarProps extends Pick<ListViewState, 'change' | 'search' | 'settleSearch'> {
  readonly rows: readonly TunnelRow[];
  readonly filter: ListFilter;
  /** Whether the rows may have a state to filter by. */
  readonly hasStates: boolean;
  /** Whether something was done to any of them elsewhere. */
  readonly hasDrift: boolean;
  /** Beside the filters, at the end of the line. */
  readonly children: ReactNode;
}

export function FilterBar(props: FilterBarProps) {
  const { rows, filter, hasStates, hasDrift, change, search, settleSearch, children } = props;
  const choices = useMemo(() => choicesOf(rows), [rows]);
  const filterBy = (part: Partial<ListFilter>) => change({ filter: { ...filter, ...part } });
  const field = useRef<HTMLInputElement>(null);
  const clear = () => change({ filter: NO_FILTER });
  useQuickActions([
    {
      label: 'Search the tunnels',
      shortcut: '/',
      run: () => {
        field.current?.focus();
        field.current?.select();
      },
    },
    ...(isFiltering(filter) ? [{ label: 'Clear the search and the filters', run: clear }] : []),
  ]);
  return (
    <search className="flex flex-wrap items-center gap-2">
      <div className="relative w-full sm:w-52 2xl:w-72">
        <MagnifyingGlassIcon
          aria-hidden
          className="pointer-events-none absolute top-2.5 left-2.5 size-4 text-kumo-subtle"
        />
        <input
          ref={field}
          type="search"
          aria-label="Search tunnels"
          placeholder="Name, address, ID, ASN, description"
          value={filter.search}
          onChange={(event) => search(event.target.value)}
          onBlur={settleSearch}
          onKeyDown={(event) => {
            if (event.key === 'Enter') settleSearch();
          }}
          className={`${CONTROL} w-full pl-8`}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          {...NO_LOGIN}
        />
      </div>
      {(hasStates || filter.state !== undefined) && (
        <ChoiceChip
          label="State"
          value={filter.state}
          onChange={(state) => filterBy({ state: state !== undefined && isShownState(state) ? state : undefined })}
          choices={STATES}
        />
      )}
      {(hasDrift || filter.elsewhere !== undefined) && (
        <ChoiceChip
          label="Elsewhere"
          value={filter.elsewhere}
          onChange={(elsewhere) =>
            filterBy({ elsewhere: elsewhere !== undefined && isListedDrift(elsewhere) ? elsewhere : undefined })
          }
          choices={DRIFTS}
        />
      )}
      <ChoiceChip
        label="Cloudflare endpoint"
        value={filter.cloudflareEndpoint}
        onChange={(cloudflareEndpoint) => filterBy({ cloudflareEndpoint })}
        choices={choices.endpoints}
      />
      <ChoiceChip label="BGP" value={filter.bgp} onChange={(bgp) => filterBy({ bgp })} choices={choices.bgp} />
      <ToggleChip
        label="Key missing"
        isOn={filter.isKeyMissing}
        onChange={(isKeyMissing) => filterBy({ isKeyMissing })}
      />
      <ToggleChip
        label="Health check off"
        isOn={filter.isHealthCheckOff}
        onChange={(isHealthCheckOff) => filterBy({ isHealthCheckOff })}
      />
      {isFiltering(filter) && (
        <Button size="sm" variant="ghost" onClick={clear}>
          Clear filters
        </Button>
      )}
      <div className="ml-auto flex flex-wrap items-center gap-2">{children}</div>
    </search>
  );
}

const CHIP = 'h-8 cursor-pointer rounded-full px-3 text-sm ring';
const CHIP_OFF = `${CHIP} bg-kumo-base ring-control-edge`;
const CHIP_ON = `${CHIP} bg-kumo-contrast text-kumo-inverse ring-transparent`;

interface ToggleChipProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

function ToggleChip({ label, isOn, onChange }: ToggleChipProps) {
  return (
    <button type="button" aria-pressed={isOn} onClick={() => onChange(!isOn)} className={isOn ? CHIP_ON : CHIP_OFF}>
      {label}
    </button>
  );
}

interface Choice {
  readonly value: string;
  readonly label: string;
}

interface ChoiceChipProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
  readonly choices: readonly Choice[];
}

/** A native select in the looks of a chip: it says what it filters by, and then for what. */
function ChoiceChip({ label, value, onChange, choices }: ChoiceChipProps) {
  // A value of a shared link that no tunnel has is shown all the same: it is why nothing matches.
  const isKnown = value === undefined || choices.some((choice) => choice.value === value);
  const shown = isKnown ? choices : [...choices, { value, label: value }];
  return (
    <span className="relative inline-flex">
      <select
        aria-label={label}
        value={value ?? ''}
        onChange={(event) => onChange(event.target.value || undefined)}
        className={`${value === undefined ? CHIP_OFF : CHIP_ON} max-w-60 appearance-none pr-8`}
      >
        <option value="">{label}: any</option>
        {shown.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {label}: {withVisibleCharacters(choice.label)}
          </option>
        ))}
      </select>
      <CaretRightIcon
        aria-hidden
        className={`pointer-events-none absolute top-2 right-2.5 size-4 rotate-90 ${value === undefined ? 'text-kumo-subtle' : 'text-kumo-inverse'}`}
      />
    </span>
  );
}

const STATES = SHOWN_STATES.map((state) => ({ value: state, label: STATE_WORDS[state].toLowerCase() }));

const DRIFTS = LISTED_DRIFTS.map((drift) => ({ value: drift, label: drift }));

function choicesOf(rows: readonly TunnelRow[]) {
  const endpoints = new Set<string>();
  const states = new Set<string>();
  for (const { tunnel } of rows) {
    endpoints.add(tunnel.cloudflare_endpoint);
    const state = bgpState(tunnel);
    if (state !== undefined) states.add(state);
  }
  const asChoice = (value: string) => ({ value, label: value });
  return {
    endpoints: [...endpoints].sort().map(asChoice),
    bgp: [asChoice(BGP_ON), asChoice(BGP_OFF), ...[...states].sort().map(asChoice)],
  };
}
