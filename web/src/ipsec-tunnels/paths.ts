// Where the tunnel pages are in the browser.

export const NEW_PATH = '/tunnels/new';
export const CREATED_PATH = '/tunnels/created';
