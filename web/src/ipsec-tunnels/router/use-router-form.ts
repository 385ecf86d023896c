// The form on a router: nothing of it is submitted, for what is valid is made into files, and kept, as it is typed.

import type { RouterSettings } from '@tunnel-desk/shared/routers/settings';
import { useLiveForm } from '../../forms/use-live-form.ts';
import { useSettled } from '../../forms/use-settled.ts';
import { ROUTER_FORM, valuesOfSettings } from './router-fields.ts';
import { ROUTER_RULES } from './router-rules.ts';

export function useRouterForm(initial: RouterSettings) {
  const liveForm = useLiveForm({
    definition: ROUTER_FORM,
    context: undefined,
    rules: ROUTER_RULES,
    initial: valuesOfSettings(initial),
    parse: () => undefined,
    isReadOnly: false,
  });
  const { validation } = liveForm;
  return { liveForm, request: useSettled(validation, () => validation.request) };
}
