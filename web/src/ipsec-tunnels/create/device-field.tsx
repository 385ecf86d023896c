// The device at the other end: choosing one has the form follow Cloudflare's guide for it, which is loaded then.

import type { Session } from '@tunnel-desk/shared/api/session';
import { DEVICE_NAMES, DEVICES, type Device } from '@tunnel-desk/shared/ipsec-tunnels/devices';
import { useState } from 'react';
import { useLiveFormContext } from '../../forms/use-live-form.ts';
import { SelectField } from '../../ui/select-field.tsx';
import { useField } from '../form/use-tunnel-field.ts';
import type { Followed } from './device-guide.tsx';
import { useLoaded } from './use-loaded.ts';

const loadGuide = () => import('./device-guide.tsx');

const OPTIONS = [
  { value: '', label: 'Any' },
  ...DEVICES.map((value) => ({ value, label: DEVICE_NAMES[value] })),
] satisfies readonly { readonly value: Device | ''; readonly label: string }[];

export function DeviceField({ rules }: Pick<Session, 'rules'>) {
  const field = useField('device');
  const { form } = useLiveFormContext();
  const [followed, setFollowed] = useState<Followed>();
  const [isFailed, setIsFailed] = useState(false);
  const device = field.value;
  const loaded = useLoaded(loadGuide, device !== '');
  const guide = typeof loaded === 'object' ? loaded : undefined;
  const choose = async (chosen: Device | '') => {
    if (field.readOnly) return;
    field.onChange(chosen);
    setIsFailed(false);
    try {
      const { leaveGuide, followGuide } = await loadGuide();
      // By then another one may be chosen.
      if (form.getValues('device') !== chosen) return;
      if (device !== '') leaveGuide(form, device, rules, followed);
      setFollowed(chosen === '' ? undefined : followGuide(form, chosen, rules));
    } catch {
      field.onChange('');
      setIsFailed(true);
    }
  };
  return (
    <div className="flex flex-col gap-3">
      <SelectField
        {...field}
        onChange={choose}
        explanation="Sets what Cloudflare's guide for it asks for."
        options={OPTIONS}
      />
      <div role="status" className="text-sm empty:hidden">
        {isFailed && <p className="text-kumo-danger">The guides can't be loaded just now. Choose the device again.</p>}
        {guide && device !== '' && <guide.WhatWasSet device={device} rules={rules} followed={followed} />}
      </div>
      {guide && device !== '' && <guide.WhatIsAsked device={device} rules={rules} onUndo={() => choose('')} />}
    </div>
  );
}
