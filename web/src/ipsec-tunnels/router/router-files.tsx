// The files for the router, and the keys to write into them where the person asks for that.

import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import type { Issue } from '@tunnel-desk/shared/issues';
import { type ConfigurationFile, KEY_PLACEHOLDER } from '@tunnel-desk/shared/routers/configuration';
import type { RouterSettings } from '@tunnel-desk/shared/routers/settings';
import { useState } from 'react';
import { FieldLink } from '../../forms/field-link.tsx';
import { fieldAt } from '../../forms/fields.ts';
import { fieldId } from '../../forms/use-field.ts';
import { VisibleText } from '../../ui/visible-text.tsx';
import { heldKey, markTaken } from '../detail/created-tunnel.ts';
import { FileTabs } from './file-tabs.tsx';
import { KeyFields } from './key-fields.tsx';
import { makeConfiguration } from './make-configuration.ts';
import { type RefusedKey, refusedKeys } from './refused-keys.ts';
import { ROUTER_FORM } from './router-fields.ts';
import { shownFiles } from './shown-files.ts';

export interface RouterFilesProps {
  readonly accountId: string;
  /** One, or a pair. */
  readonly tunnels: readonly IpsecTunnel[];
  readonly settings: RouterSettings;
  /** What is wrong with what was entered: there are no files then. */
  readonly issues: readonly Issue[];
  readonly deskVersion: string;
}

export function RouterFiles({ accountId, tunnels, settings, issues, deskVersion }: RouterFilesProps) {
  const [isWithKey, setIsWithKey] = useState(false);
  /** In the memory of this section alone: in no storage, no cache, no request. */
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const at = useMomentOf(JSON.stringify([tunnels.map(withoutState), settings]));
  if (issues.length > 0) return <WhatIsMissing issues={issues} />;

  const keyOf = (tunnelId: string) => (isWithKey ? heldKey(tunnelId) || typed[tunnelId] || undefined : undefined);
  const router = { accountId, tunnels, settings, deskVersion, at };
  const made = makeConfiguration(router, keyOf);
  if (made.kind === 'unusable') return <WhyNot reasons={made.reasons} />;
  const markKeysTaken = () => {
    for (const { id } of tunnels) if (keyOf(id) !== undefined) markTaken(id);
  };
  return (
    <div className="flex flex-col gap-4">
      <KeyFields
        tunnels={tunnels}
        isOn={isWithKey}
        onToggle={setIsWithKey}
        withoutKey={withoutKey(settings, made.files)}
        typed={typed}
        onType={(tunnelId, key) => setTyped({ ...typed, [tunnelId]: key })}
      />
      <RefusedKeys refused={refusedKeys(router, keyOf)} isOnly={tunnels.length === 1} />
      {made.files.length > 0 && (
        <FileTabs label={made.label} at={at} files={shownFiles(router, keyOf, made.files)} onKeyTaken={markKeysTaken} />
      )}
      <LeftOut sentences={made.leftOut} />
    </div>
  );
}

function WhatIsMissing({ issues }: Pick<RouterFilesProps, 'issues'>) {
  const names = new Set(issues.flatMap(({ path }) => fieldAt(ROUTER_FORM, path) ?? []));
  return (
    <section aria-label="Files" className="text-sm">
      <p>The files are here as soon as these are entered and valid:</p>
      <ul className="mt-1 list-disc pl-5">
        {[...names].map((name) => (
          <li key={name}>
            <FieldLink controlId={fieldId(name)}>{ROUTER_FORM.fields[name].label}</FieldLink>
          </li>
        ))}
      </ul>
    </section>
  );
}

function WhyNot({ reasons }: { readonly reasons: readonly string[] }) {
  return (
    <section aria-label="Files" className="text-sm">
      <p>There is no configuration for the router of this tunnel:</p>
      <ul className="mt-1 list-disc pl-5 [overflow-wrap:anywhere]">
        {reasons.map((reason) => (
          <li key={reason}>
            <VisibleText text={reason} dir="ltr" />
          </li>
        ))}
      </ul>
    </section>
  );
}

function LeftOut({ sentences }: { readonly sentences: readonly string[] }) {
  if (sentences.length === 0) return null;
  return (
    <section aria-label="Not in these files" className="text-sm">
      <h3 className="font-semibold">Not in these files</h3>
      <ul className="mt-1 flex list-disc flex-col gap-1 pl-5 text-kumo-subtle [overflow-wrap:anywhere]">
        {sentences.map((sentence) => (
          <li key={sentence}>
            <VisibleText text={sentence} dir="ltr" />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface RefusedKeysProps {
  readonly refused: readonly RefusedKey[];
  /** Whether there is only one tunnel whose key it can be. */
  readonly isOnly: boolean;
}

/** Heard too, because the key was typed a moment ago. */
function RefusedKeys({ refused, isOnly }: RefusedKeysProps) {
  return (
    <div role="status" className="text-kumo-warning text-sm [overflow-wrap:anywhere] empty:hidden">
      {refused.map(({ tunnelId, tunnelName, message }) => (
        <p key={tunnelId}>
          {!isOnly && (
            <>
              <VisibleText text={tunnelName} />:{' '}
            </>
          )}
          {message}
        </p>
      ))}
    </div>
  );
}

/** What becomes of the key that is in no file. */
function withoutKey({ kind }: RouterSettings, files: readonly ConfigurationFile[]): string {
  if (files.some(({ content }) => content.includes(KEY_PLACEHOLDER))) {
    return `Without it, ${KEY_PLACEHOLDER} stands where you put it.`;
  }
  if (kind === 'linux') return 'Without it, the script that applies the files asks for it.';
  return 'Without it, you enter it on the router.';
}

/** When what this text stands for became what it is: it is written into the files, which must not change by the second. */
function useMomentOf(text: string): Date {
  const [made, setMade] = useState(() => ({ text, at: new Date() }));
  if (made.text === text) return made.at;
  const now = { text, at: new Date() };
  setMade(now);
  return now.at;
}

/** A tunnel without what changes by itself and is in no file. */
function withoutState({ bgp_status, psk_metadata: _, ...tunnel }: IpsecTunnel): object {
  return { ...tunnel, speaker: bgp_status?.cf_speaker_ip };
}
