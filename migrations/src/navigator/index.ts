// Imported before pg. Node 21 and newer have it; without it pg loads all of fetch to learn that this is no browser, which
// is a fifth of the start of a command and holds up a service's too.
if (!('navigator' in globalThis)) {
  Object.assign(globalThis, { navigator: { userAgent: `Node.js/${process.versions.node}` } });
}
