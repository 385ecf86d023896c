// Fills in, for all rows, what the file leaves out, and makes pairs of them: by one button, and taken back by one Undo.

import { Button } from '@cloudflare/kumo/components/button';
import type { Session } from '@tunnel-desk/shared/api/session';
import { DEVICE_NAMES, DEVICES, type Device } from '@tunnel-desk/shared/ipsec-tunnels/devices';
import {
  HEALTH_CHECK_DIRECTIONS,
  HEALTH_CHECK_RATES,
  HEALTH_CHECK_TYPES,
} from '@tunnel-desk/shared/ipsec-tunnels/fields';
import { FILLABLE_FIELDS, type FillableField, fillRows } from '@tunnel-desk/shared/ipsec-tunnels/import/fill';
import { fillPairs, type RowPairSettings } from '@tunnel-desk/shared/ipsec-tunnels/import/pair-rows';
import type { ImportRow } from '@tunnel-desk/shared/ipsec-tunnels/import/rows';
import { IPSEC_TUNNEL_LABELS } from '@tunnel-desk/shared/ipsec-tunnels/labels';
import { DEFAULT_SUFFIXES } from '@tunnel-desk/shared/ipsec-tunnels/pair-suffixes';
import { presetFor } from '@tunnel-desk/shared/ipsec-tunnels/presets';
import { type ReactNode, useState } from 'react';
import { FieldRow } from '../../ui/card.tsx';
import { Modal } from '../../ui/modal.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { SwitchField } from '../../ui/switch-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { DIRECTIONS, RATES, TYPES } from '../form/words.ts';
import { readPools } from './pool-text.ts';
import { withCell } from './row-changes.ts';
import type { AccountOfImport } from './use-row-rules.ts';

export interface FillDialogProps {
  readonly session: Session;
  readonly rows: readonly ImportRow[];
  readonly known: AccountOfImport;
  /** Takes the rows, and a sentence on everything that was filled in. */
  readonly onFill: (rows: readonly ImportRow[], notes: readonly string[]) => void;
  readonly onClose: () => void;
}

type PairChoices = Omit<RowPairSettings, 'cloudflareEndpoints'>;
type Cells = Readonly<Partial<Record<FillableField, string>>>;

const NO_NOTES = { errors: [], advisories: [], onBlur: () => undefined };
const LEAVE_OUT = { value: '', label: 'Leave out' };

export function FillDialog({ session, rows, known, onFill, onClose }: FillDialogProps) {
  const [device, setDevice] = useState<Device | ''>('');
  const [cells, setCells] = useState<Cells>({});
  const [takesAddresses, setTakesAddresses] = useState(false);
  const [pool, setPool] = useState((session.rules.interfaceAddressPool ?? []).join(', '));
  const [generatesKeys, setGeneratesKeys] = useState(false);
  const [isPair, setPair] = useState(false);
  const [pair, setPairSettings] = useState<PairChoices>(() => firstPair(known.cloudflareEndpoints));
  const { pools, errors: poolErrors } = readPools(pool, session.rules.interfaceAddressRules, setPool);
  const isPoolWrong = (takesAddresses || isPair) && poolErrors.length > 0;
  const preset = device === '' ? undefined : presetFor(device, session.rules.interfaceAddressRules);

  const leftOut = (field: keyof typeof IPSEC_TUNNEL_LABELS) => rows.filter((row) => !row.cells[field]?.trim()).length;
  const leaveItOut = (field: keyof typeof IPSEC_TUNNEL_LABELS) => `${inRows(leftOut(field), rows.length)} it out.`;
  const withoutKey = rows.filter(
    (row) => !row.cells.psk && !row.generatesKey && row.sharesKeyWith === undefined,
  ).length;
  const set = (field: FillableField, text: string) => setCells((before) => ({ ...before, [field]: text }));
  const choose = (next: string) => {
    const chosen = DEVICES.find((each) => each === next) ?? '';
    setDevice(chosen);
    if (chosen === '') return;
    const { sets, pair: ofPair } = presetFor(chosen, session.rules.interfaceAddressRules);
    const asked = new Map<string, string>(Object.entries(sets).map(([field, value]) => [field, String(value)]));
    setCells((before) => {
      const fields = FILLABLE_FIELDS.filter((field) => asked.has(field));
      return { ...before, ...Object.fromEntries(fields.map((field) => [field, asked.get(field)])) };
    });
    setPairSettings((before) => ({
      ...before,
      sharesKey: ofPair.sharesKey,
      sharesIdentity: ofPair.sharesIdentity,
      sharesEndpoint: ofPair.sharesEndpoint,
    }));
  };
  const fill = () => {
    if (isPoolWrong) return;
    const taken = { tunnels: known.tunnels, others: known.neighbours };
    const from = pools.length === 0 ? undefined : pools;
    const wanted = { cells, generatesKeys, interfaceAddresses: takesAddresses ? { pools: from } : undefined };
    const probed = preset?.targetsCustomerEndpoint ? rows.map(withOwnTarget) : rows;
    const settings = { ...pair, cloudflareEndpoints: known.cloudflareEndpoints };
    const filled = isPair ? fillPairs(probed, wanted, settings, taken, from) : fillRows(probed, wanted, taken);
    onFill(filled.rows, filled.notes);
  };

  const text = (field: FillableField, explanation: ReactNode, choices: readonly string[] = []) => (
    <TextField
      {...NO_NOTES}
      id={`fill-${field}`}
      label={IPSEC_TUNNEL_LABELS[field]}
      explanation={
        <>
          {leaveItOut(field)} {explanation}
        </>
      }
      value={cells[field] ?? ''}
      onChange={(value) => set(field, value)}
      choices={choices}
      optional
      mono
    />
  );
  const select = (field: FillableField, words: readonly string[], labels: Readonly<Record<string, string>>) => (
    <SelectField
      {...NO_NOTES}
      id={`fill-${field}`}
      label={IPSEC_TUNNEL_LABELS[field]}
      explanation={leaveItOut(field)}
      value={cells[field] ?? ''}
      onChange={(value) => set(field, value)}
      options={[LEAVE_OUT, ...words.map((value) => ({ value, label: labels[value] ?? value }))]}
    />
  );
  const isListed = known.state === 'listed';
  return (
    <Modal
      title="Fill in what the rows leave out"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" disabled={isPoolWrong} onClick={fill}>
            {isPair ? 'Fill in and make pairs' : 'Fill in'}
          </Button>
        </>
      }
    >
      <p className="text-kumo-subtle text-sm">What a row says itself stays as it is. Undo takes all of it back.</p>
      <SelectField
        {...NO_NOTES}
        id="fill-device"
        label="Device"
        explanation="Fills in below what Cloudflare's guide for it asks for."
        optional
        value={device}
        onChange={choose}
        options={[{ value: '', label: 'Any' }, ...DEVICES.map((each) => ({ value: each, label: DEVICE_NAMES[each] }))]}
      />
      {preset && (
        <ul className="list-disc pl-5 text-kumo-subtle text-sm">
          {[`By Cloudflare's guide "${preset.guide}".`, ...preset.why, preset.pair.why].map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
      {text('cloudflare_endpoint', '', known.cloudflareEndpoints)}
      <SwitchField
        {...NO_NOTES}
        id="fill-addresses"
        label="Next free interface addresses"
        explanation={
          isListed
            ? leaveItOut('interface_address')
            : "Off: this needs the list of the account's tunnels, which can't be had now."
        }
        checked={takesAddresses && isListed}
        readOnly={!isListed}
        onChange={(isOn) => isListed && setTakesAddresses(isOn)}
      />
      {(takesAddresses || isPair) && (
        <TextField
          id="fill-pool"
          label="From these prefixes"
          explanation="IPv4, with commas between them. When empty, the block that most of the account's tunnels use; for the second tunnel of a pair, the /24 of its first."
          value={pool}
          onChange={setPool}
          onBlur={() => undefined}
          errors={poolErrors}
          advisories={[]}
          placeholder="10.20.0.0/16"
          optional
          mono
        />
      )}
      <SwitchField
        {...NO_NOTES}
        id="fill-keys"
        label="Generate pre-shared keys"
        explanation={`${inRows(withoutKey, rows.length)} it out. They are made in this browser when the tunnels are created.`}
        checked={generatesKeys}
        onChange={setGeneratesKeys}
      />
      <FieldRow>
        {select('replay_protection', ['true', 'false'], ON_OFF)}
        {select('automatic_return_routing', ['true', 'false'], ON_OFF)}
      </FieldRow>
      <fieldset className="flex flex-col gap-4">
        <legend className="mb-2 font-semibold">Health check</legend>
        {select('health_check.enabled', ['true', 'false'], ON_OFF)}
        <FieldRow>
          {select('health_check.rate', HEALTH_CHECK_RATES, RATES)}
          {select('health_check.type', HEALTH_CHECK_TYPES, TYPES)}
        </FieldRow>
        {select('health_check.direction', HEALTH_CHECK_DIRECTIONS, DIRECTIONS)}
      </fieldset>
      <fieldset className="flex flex-col gap-4">
        <legend className="mb-2 font-semibold">BGP</legend>
        {text('bgp.customer_asn', 'Filling it in turns BGP on for those rows, and no others.')}
        {text('bgp.md5_key', 'Only where the router has one too.')}
      </fieldset>
      <fieldset className="flex flex-col gap-4">
        <legend className="mb-2 font-semibold">Pairs</legend>
        <SwitchField
          {...NO_NOTES}
          id="fill-pair"
          label="Make each row a redundant pair"
          explanation="Cloudflare recommends two tunnels for each router and internet connection. The second takes the next free interface address."
          checked={isPair && isListed}
          readOnly={!isListed}
          onChange={(isOn) => isListed && setPair(isOn)}
        />
        {isPair && (
          <PairFields
            pair={pair}
            cloudflareEndpoints={known.cloudflareEndpoints}
            firstName={rows[0]?.cells.name ?? ''}
            onChange={(part) => setPairSettings((before) => ({ ...before, ...part }))}
          />
        )}
      </fieldset>
    </Modal>
  );
}

interface PairFieldsProps {
  readonly pair: PairChoices;
  readonly cloudflareEndpoints: readonly string[];
  readonly firstName: string;
  readonly onChange: (part: Partial<PairChoices>) => void;
}

function PairFields({ pair, cloudflareEndpoints, firstName, onChange }: PairFieldsProps) {
  const [first, second] = pair.suffixes;
  return (
    <>
      <FieldRow>
        <TextField
          {...NO_NOTES}
          id="fill-first-suffix"
          label="First suffix"
          explanation="Added to the name of the first."
          value={first}
          onChange={(suffix) => onChange({ suffixes: [suffix, second] })}
          mono
        />
        <TextField
          {...NO_NOTES}
          id="fill-second-suffix"
          label="Second suffix"
          explanation="Added to the name of the second."
          value={second}
          onChange={(suffix) => onChange({ suffixes: [first, suffix] })}
          mono
        />
      </FieldRow>
      <p role="status" className="text-sm [overflow-wrap:anywhere]">
        The first row becomes <span className="font-mono">{firstName + first}</span> and{' '}
        <span className="font-mono">{firstName + second}</span>.
      </p>
      <SwitchField
        {...NO_NOTES}
        id="fill-shares-endpoint"
        label="One Cloudflare endpoint for both"
        explanation="Only for a router that can't have two, such as Azure's."
        checked={pair.sharesEndpoint}
        onChange={(sharesEndpoint) => onChange({ sharesEndpoint })}
      />
      {!pair.sharesEndpoint && (
        <TextField
          {...NO_NOTES}
          id="fill-second-endpoint"
          label="Second Cloudflare endpoint"
          explanation="The other one of your account's two anycast addresses. Rows that are on it already get the first."
          value={pair.secondEndpoint}
          onChange={(secondEndpoint) => onChange({ secondEndpoint })}
          choices={cloudflareEndpoints}
          mono
        />
      )}
      <SwitchField
        {...NO_NOTES}
        id="fill-shares-key"
        label="One pre-shared key for both"
        explanation="Otherwise the second has a key generated where the first has one."
        checked={pair.sharesKey}
        onChange={(sharesKey) => onChange({ sharesKey })}
      />
      <SwitchField
        {...NO_NOTES}
        id="fill-shares-identity"
        label="One custom IKE identity for both"
        explanation="Otherwise the label of each has its name's suffix."
        checked={pair.sharesIdentity}
        onChange={(sharesIdentity) => onChange({ sharesIdentity })}
      />
    </>
  );
}

const ON_OFF: Readonly<Record<string, string>> = { true: 'On', false: 'Off' };

function firstPair(cloudflareEndpoints: readonly string[]): PairChoices {
  return {
    suffixes: DEFAULT_SUFFIXES,
    secondEndpoint: cloudflareEndpoints[1] ?? '',
    sharesEndpoint: false,
    sharesKey: false,
    sharesIdentity: false,
  };
}

/** Probes go to the row's own router, where it has one and says nothing else. */
function withOwnTarget(row: ImportRow): ImportRow {
  const { customer_endpoint: router = '', 'health_check.target': target = '' } = row.cells;
  return router.trim() === '' || target.trim() !== '' ? row : withCell(row, 'health_check.target', router);
}

function inRows(count: number, all: number): string {
  if (count === all) return all === 1 ? 'The row leaves' : `All ${all} rows leave`;
  if (count === 0) return 'No row leaves';
  return count === 1 ? `1 of ${all} rows leaves` : `${count} of ${all} rows leave`;
}
