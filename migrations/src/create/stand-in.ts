import type { CstNodeLocation, Datasource, Field } from '@mrleebo/prisma-ast';
import { bracketEnd } from '../schema/comments.js';
import { applyEdits, type Edit } from '../schema/edits.js';
import { freeName, schemaOf, tableOf } from '../schema/names.js';
import { attributeText, type Declaration, parseUnchecked } from '../schema/parse.js';
import { relationName } from '../schema/relations.js';
import { listed } from '../schema/settings.js';
import type { Service } from '../services/index.js';
import type { Link } from './links.js';

/** The schema with a stand-in for every model it refers to: its keys, and where Prisma finds it. */
export function addStandIns(source: string, links: Link[], service: Service): string {
  const targets = [...new Set(links.map(({ target }) => target))];
  const standIns = targets.map((target) =>
    standIn(
      target,
      links.filter((link) => link.target === target),
    ),
  );
  const schemas = links.map(({ owner }) => owner.service.schema);
  return [nameSchemas(source, service.schema, schemas).trimEnd(), ...standIns].join('\n\n');
}

function standIn(target: Declaration, links: Link[]): string {
  const [first] = links;
  const { service } = first?.owner ?? {};
  const keys = [...new Map(links.flatMap((link) => link.keys).map((key) => [key.name, key])).values()];
  return `/// Belongs to ${service?.name}, which alone migrates it: here are only the keys that others refer to.
model ${target.name} {
${keys.map(keyLine).join('\n')}

${backRelations(links, keys).join('\n')}

  @@map(${JSON.stringify(tableOf(target))})
  @@schema(${JSON.stringify(service?.schema)})
}
`;
}

function backRelations(links: Link[], keys: Field[]): string[] {
  const taken = new Set(keys.map(({ name }) => name));
  return links.map(({ model, field }) => {
    const name = relationName(field);
    const back = backName(model, field, taken);
    taken.add(back);
    return `  ${back} ${model.name}[]${name === undefined ? '' : ` @relation(${JSON.stringify(name)})`}`;
  });
}

/** `posts`; where that is taken `postsAsEditor`, and where that is too, with a number. */
function backName({ name }: Declaration, field: Field, taken: Set<string>): string {
  const short = plural(name);
  if (!taken.has(short)) return short;
  return freeName(`${short}As${field.name.charAt(0).toUpperCase()}${field.name.slice(1)}`, taken);
}

function keyLine(key: Field): string {
  const kept = (key.attributes ?? []).filter(({ name, group }) => group === 'db' || name === 'map');
  const attributes = kept.map(({ group, name, args = [] }) =>
    group === 'db'
      ? `@db.${name}${args.length > 0 ? `(${args.map(({ value }) => String(value)).join(', ')})` : ''}`
      : `@map(${JSON.stringify(attributeText(kept, 'map'))})`,
  );
  const isId = key.attributes?.some(({ name }) => name === 'id');
  return `  ${key.name} ${key.fieldType} ${[isId ? '@id' : '@unique', ...attributes].join(' ')}`;
}

/** Has the datasource name schemas. Once it names any, Prisma wants every declaration to say which is its own. */
function nameSchemas(source: string, own: string, others: string[]): string {
  const { text, settings, declarations } = parseUnchecked(source);
  const datasource = settings.find((each) => each.type === 'datasource');
  if (!datasource) return source;
  const named = listed(datasource, 'schemas');
  const wanted = [...(named.length > 0 ? named : [own]), ...others].map((name) => JSON.stringify(name));
  const schemas = `schemas = [${[...new Set(wanted)].join(', ')}]`;
  return applyEdits(text, [
    schemasEdit(text, datasource, schemas),
    ...declarations
      .filter((each) => schemaOf(each) === undefined)
      .map(({ end }) => ({ at: end - 1, remove: 0, insert: `\n  @@schema(${JSON.stringify(own)})\n` })),
  ]);
}

function schemasEdit(text: string, datasource: Datasource, line: string): Edit {
  const written = datasource.assignments.find((each) => each.type === 'assignment' && each.key === 'schemas');
  // The parser's types leave out where an assignment is.
  const at = (written as { location?: CstNodeLocation } | undefined)?.location?.startOffset;
  if (at !== undefined) return { at, remove: bracketEnd(text, at) - at, insert: line };
  return { at: bracketEnd(text, datasource.location?.endOffset ?? 0) - 1, remove: 0, insert: `${line}\n` };
}

const plural = (name: string) => {
  const lower = name.charAt(0).toLowerCase() + name.slice(1);
  return lower.endsWith('s') ? lower : `${lower}s`;
};
