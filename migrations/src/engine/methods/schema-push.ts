import type { EngineContext } from '../context.js';
import { isCentral } from '../history.js';
import { schemasOf } from '../settings.js';
import type { Method } from './method.js';

/** Makes the database equal to the Prisma schema, past the migrations. */
export const schemaPush: Method<'schemaPush'> = async (context, input) => {
  const engine = await context.comparingEngine();
  const result = await engine.schemaPush(input);
  if (result.executedSteps > 0 && (await isCentral(context))) await handToOwners(context);
  return result;
};

/** What the administrator made in a service's schema belongs to the service, whose owner role has to migrate it. */
async function handToOwners(context: EngineContext): Promise<void> {
  const connection = await context.connection();
  const schemas = await schemasOf(context.settings.schemaFiles);
  const { rows } = await connection.query(
    `SELECT format('ALTER %s %s OWNER TO %I', o.type, o.identity, n.nspowner::regrole::text)
       FROM pg_namespace n,
            LATERAL (SELECT 'pg_class'::regclass AS class, oid, relowner AS owner FROM pg_class
                      WHERE relnamespace = n.oid AND relkind IN ('r', 'p', 'v', 'm')
                     UNION ALL
                     SELECT 'pg_type'::regclass, oid, typowner FROM pg_type
                      WHERE typnamespace = n.oid AND typtype = 'e') object,
            pg_identify_object(object.class, object.oid, 0) o
      WHERE n.nspname = ANY ($1) AND object.owner <> n.nspowner`,
    [schemas],
  );
  await connection.run(rows.map(([statement]) => statement).join(';\n'));
}
