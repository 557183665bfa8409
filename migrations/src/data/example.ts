import { quote } from '../history/index.js';
import {
  attributeText,
  type Declaration,
  fields,
  ownDeclarations,
  readSchema,
  tableOf,
} from '../schema/index.js';
import type { Service } from '../services/index.js';
import type { SqlDataMigration } from './definition.js';

type Field = ReturnType<typeof fields>[number];

/** A table of the service and a column of it that may be empty, to go on from; it cannot run before "set" is written. */
export async function exampleFor(root: string, service: Service): Promise<SqlDataMigration> {
  const schema = await readSchema(root, service);
  const models = schema.declarations.filter(isModel).map(({ name }) => name);
  const isColumn = ({ fieldType }: Field) => typeof fieldType === 'string' && !models.includes(fieldType);
  const examples = ownDeclarations(schema)
    .filter((each) => isModel(each) && fields(each).some(isId))
    .flatMap((model) => {
      const column = fields(model).find((field) => field.optional && isColumn(field));
      return column ? [{ table: tableOf(model), where: `${quote(columnOf(column))} IS NULL` }] : [];
    });
  return { service: service.name, ...(examples[0] ?? placeholders), set: '' };
}

const placeholders = { table: 'TABLE', where: 'COLUMN IS NULL' };

const isModel = ({ kind }: Declaration) => kind === 'model';
const columnOf = ({ name, attributes = [] }: Field) => attributeText(attributes, 'map') ?? name;

/** What a data migration walks along where it names no other key. */
const isId = (field: Field) =>
  columnOf(field) === 'id' && (field.attributes ?? []).some(({ name }) => name === 'id');
