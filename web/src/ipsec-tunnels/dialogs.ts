// The dialogs of a tunnel, loaded when the first one opens. Whoever shows one wraps it in a `Suspense`.

import { lazy } from 'react';

export const DeleteDialog = lazy(async () => ({ default: (await import('./delete/delete-dialog.tsx')).DeleteDialog }));
export const RotateKeyDialog = lazy(async () => ({
  default: (await import('./rotate-key/rotate-key-dialog.tsx')).RotateKeyDialog,
}));
