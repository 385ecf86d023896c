// The looks of a control that one types in or chooses from. The elements are the browser's own, with the library's classes:
// its components render labels and errors too, at every keystroke, which FieldFrame has already.

import { inputVariants } from '@cloudflare/kumo/components/input';

export const CONTROL = inputVariants({ focusIndicator: true });
/** Has password managers leave a field alone: none of these is a login. */
export const NO_LOGIN = {
  'data-1p-ignore': 'true',
  'data-bwignore': 'true',
  'data-form-type': 'other',
  'data-lpignore': 'true',
} as const;
