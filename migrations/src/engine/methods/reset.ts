import type { Connection } from '../database/connection.js';
import { EngineError } from '../errors.js';
import { schemasOf } from '../settings.js';
import type { Method } from './method.js';

/**
 * Empties the schemas. Prisma drops and makes them again, which loses their owner, their grants and the privileges
 * that later tables get by default.
 */
export const reset: Method<'reset'> = async (context) => {
  const { schemaFiles, historySchema } = context.settings;
  const declared = await schemasOf(schemaFiles);
  const schemas = declared.length > 0 ? declared : [historySchema];
  const connection = await context.connection();
  await refuseWhatOthersUse(connection, schemas);
  const { rows } = await connection.query(dropStatements, [schemas]);
  await connection.run(rows.map(([statement]) => statement).join(';\n'));
};

/** What lies directly in the schemas: classid, objid. Members of an extension go with the extension. */
const contents = `
  SELECT d.classid, d.objid
    FROM pg_depend d JOIN pg_namespace n ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = n.oid
   WHERE n.nspname = ANY ($1) AND d.deptype = 'n'
     AND NOT EXISTS (SELECT FROM pg_depend e WHERE (e.classid, e.objid) = (d.classid, d.objid) AND e.deptype = 'e')`;

/** The history keeps its table, with its grants, and loses its rows. Tables go first and take their sequences along. */
const dropStatements = `
  SELECT CASE WHEN o.type = 'table' AND o.name = '_prisma_migrations' THEN 'DELETE FROM ' || o.identity
              ELSE format('DROP %s IF EXISTS %s CASCADE', replace(o.type, 'statistics object', 'statistics'), o.identity)
         END
    FROM (${contents}) c, pg_identify_object(c.classid, c.objid, 0) o
   ORDER BY o.type <> 'extension', o.type <> 'table', o.identity`;

const dependents = `
  SELECT DISTINCT pg_describe_object(d.classid, d.objid, d.objsubid)
    FROM (${contents}) c
    JOIN pg_depend d ON (d.refclassid, d.refobjid) = (c.classid, c.objid) AND d.deptype = 'n',
         pg_identify_object(d.classid, d.objid, d.objsubid) o,
         pg_identify_object_as_address(d.classid, d.objid, d.objsubid) a
   WHERE coalesce(o.schema, a.object_names[1]) <> ALL ($1)
   ORDER BY 1`;

async function refuseWhatOthersUse(connection: Connection, schemas: string[]): Promise<void> {
  const { rows } = await connection.query(dependents, [schemas]);
  if (rows.length === 0) return;
  const list = rows.map(([description]) => `  • ${description}`).join('\n');
  throw new EngineError(
    'OTHERS_DEPEND',
    `${schemas.join(', ')} cannot be reset alone. What depends on it in other schemas:\n${list}\nNothing was changed.`,
    { hint: 'Reset all services together: yarn prisma migrate reset in migrations/' },
  );
}
