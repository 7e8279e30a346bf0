// Keeps the signing table open without network: it answers for /table/ and nothing else.
const CACHE = "table-1";
const SHELL = "/table/offline/";
const ASSETS = {{ assets|safe }};
const PATIENCE = 5000; // milliseconds a page is waited for

self.addEventListener("install", (event) => {
  event.waitUntil(keep().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// Asked for by a page that has network: the newest shell for the next time without.
self.addEventListener("message", (event) => event.waitUntil(keep()));

async function keep() {
  const cache = await caches.open(CACHE);
  await cache.addAll([SHELL, ...ASSETS]);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (request.method === "GET" && pathname.startsWith("/static/"))
    event.respondWith(asset(request));
});

async function page(request) {
  try {
    const signal = request.method === "GET" ? AbortSignal.timeout(PATIENCE) : undefined;
    return await fetch(request, { signal });
  } catch {
    const shell = await caches.match(SHELL);
    if (!shell) return Response.error();
    // Not from any cache the browser may look into when somebody presses "back".
    const headers = new Headers(shell.headers);
    headers.set("Cache-Control", "no-store");
    return new Response(shell.body, { status: 200, headers });
  }
}

async function asset(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(request)) ?? Response.error();
  }
}
