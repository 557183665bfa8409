import { literal, quote } from '../history/index.js';
import { asAdmin, urlOfDatabase } from './scratch.js';

/**
 * Renames the database out of the way and the restored one into its place; answers its new name. Nobody may be connected
 * to either while that happens, so the services lose their connections for a moment. All of it is one message: killed
 * in the middle, the server still ends what it was told, and no database stays closed.
 */
export async function takePlace(adminUrl: string, name: string, restored: string): Promise<string> {
  const keptAs = `${name.slice(0, 35)}_before_${restored.slice(-17)}`;
  await asAdmin(urlOfDatabase(adminUrl, 'template1'), async (client) => {
    try {
      await client.query(`
        BEGIN; ALTER DATABASE ${quote(name)} ALLOW_CONNECTIONS false; COMMIT;
        SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
         WHERE datname IN (${literal(name)}, ${literal(restored)}) AND pid <> pg_backend_pid();
        BEGIN;
        ALTER DATABASE ${quote(name)} RENAME TO ${quote(keptAs)};
        ALTER DATABASE ${quote(restored)} RENAME TO ${quote(name)};
        ALTER DATABASE ${quote(keptAs)} ALLOW_CONNECTIONS true;
        COMMIT`);
    } catch (error) {
      await client.query('ROLLBACK');
      await client.query(`ALTER DATABASE ${quote(name)} ALLOW_CONNECTIONS true`);
      throw error;
    }
  });
  return keptAs;
}
