import { close, connect } from '../connection/index.js';
import { deployService, type Emit } from '../deploy/index.js';
import { readHistory, readMark } from '../history/index.js';
import type { Service } from '../services/index.js';

/** Goes on where a deploy was cut off in the middle of a migration: what is half there cannot be compared with anything. */
export async function resumeDeploy(service: Service, url: string, onEvent?: Emit): Promise<void> {
  const client = await connect({ url, applicationName: 'db create' });
  try {
    const history = (await readHistory(client, service.schema)) ?? [];
    const isBegun = history.some((row) => !row.finished_at && !row.rolled_back_at && readMark(row.logs));
    if (!isBegun) return;
  } finally {
    await close(client);
  }
  await deployService({ service, url, onEvent });
}
