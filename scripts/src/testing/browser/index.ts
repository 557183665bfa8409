import { existsSync } from 'node:fs';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The Chromium of this machine: Debian's and its relatives' usual places. */
export const findBrowser = (): string | undefined => places.find((place) => existsSync(place));
