import { it } from '@jest/globals';
import { findTools } from '../../src/backup/tools.js';

const serverMajor = 17;

/** pg_dump refuses a server newer than itself; where this machine's is older, a container engine has to help. */
export const itWithTools = await findTools(serverMajor).then(
  () => it,
  () => it.skip,
);
