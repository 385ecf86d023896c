// Where the router is on a tunnel's page.

export const ROUTER_ID = 'router';
/** Behind the path of a tunnel's page: opens it at its router. */
export const ROUTER_HASH = `#${ROUTER_ID}`;

/** Scrolls to the router and lets reading go on there. */
export function showRouter(): void {
  const heading = document.querySelector<HTMLElement>(`${ROUTER_HASH} h2`);
  heading?.focus({ preventScroll: true });
  heading?.scrollIntoView({ block: 'start' });
}
