import { writeName } from '../../sql/index.js';
import type { Rule } from '../rule.js';

export const outsideSchema: Rule = {
  id: 'outside-schema',
  title: "A statement outside the service's own schema",
  level: 'error',
  *check({ names, service }) {
    if (!service) return;
    const outside = names.find(
      ({ schema }) => schema !== undefined && schema !== service.schema && !isSystem(schema),
    );
    if (!outside) return;
    const owner = service.owners.get(outside.schema ?? '');
    const whose = owner ? `belongs to ${owner}` : 'belongs to no service';
    yield {
      message: `${writeName(outside)} ${whose}: ${service.name} may change ${service.schema} only, and its role is refused.`,
      help: owner
        ? `Make the change in a migration of ${owner}; read its data through its interface.`
        : `Put it in ${service.schema}.`,
    };
  },
};

const isSystem = (schema: string) => schema === 'information_schema' || schema.startsWith('pg_');
