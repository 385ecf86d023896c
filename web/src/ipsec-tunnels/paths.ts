// Where the tunnel pages are in the browser.

export const NEW_PATH = '/tunnels/new';
export const CREATED_PATH = '/tunnels/created';

/** The history state of a form that was opened from within the app, so that the focus goes to its title. */
export const IS_NEXT = 'next';
