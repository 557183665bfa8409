import { findService, findServices, type Service } from '../services/index.js';

/** What `--service` means: that one, or all of them when it is not given. */
export const chooseServices = (name: string | undefined): Service[] =>
  name === undefined ? findServices() : [findService(name)];
