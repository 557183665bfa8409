import { type Field, type Model, readModels } from './datamodel.js';

/** The combined schema as a picture needs it: tables grouped by service, and what points at what. */
export interface DatabaseModel {
  services: { name: string; tables: Table[] }[];
  relations: Relation[];
}

export interface Table {
  /** `schema.table`, unique in the database. */
  id: string;
  name: string;
  columns: Column[];
}

export interface Column {
  name: string;
  type: string;
  key: '' | 'PK' | 'FK' | 'UK';
  isRequired: boolean;
}

/**
 * `lists`: rows of a table of its own, `through`, which Prisma keeps between two models with a list of each other.
 * `loose`: an id without a constraint, kept true by events; said by `/// @references schema.table` on the field.
 */
export interface Relation {
  from: { table: string; column: string };
  to: { table: string; column: string };
  kind: 'constraint' | 'lists' | 'loose';
  through?: string;
}

export function readDatabaseModel(source: string): DatabaseModel {
  const models = readModels(source).toSorted((a, b) => (tableId(a) < tableId(b) ? -1 : 1));
  const schemas = [...new Set(models.map((model) => model.schema))];
  return {
    services: schemas.map((schema) => ({
      name: schema.replace(/_schema$/, ''),
      tables: models.filter((model) => model.schema === schema).map(describeTable),
    })),
    relations: models.flatMap((model) => [
      ...constraintsOf(model, models),
      ...listsOf(model, models),
      ...looseReferencesOf(model, models),
    ]),
  };
}

const tableId = (model: Model) => `${model.schema}.${model.dbName ?? model.name}`;
const columnName = (field: Field) => field.dbName ?? field.name;

function describeTable(model: Model): Table {
  const foreignKeys = new Set(model.fields.flatMap((field) => field.relationFromFields ?? []));
  const primaryKey = new Set(
    model.primaryKey?.fields ?? model.fields.filter((f) => f.isId).map((f) => f.name),
  );
  const keyOf = (field: Field): Column['key'] => {
    if (primaryKey.has(field.name)) return 'PK';
    if (foreignKeys.has(field.name)) return 'FK';
    return field.isUnique ? 'UK' : '';
  };
  return {
    id: tableId(model),
    name: model.dbName ?? model.name,
    columns: model.fields
      .filter((field) => field.kind !== 'object')
      .map((field) => ({
        name: columnName(field),
        type: typeOf(field),
        key: keyOf(field),
        isRequired: field.isRequired,
      })),
  };
}

function typeOf(field: Field): string {
  const [name, parameters = []] = field.nativeType ?? [field.type];
  const length = parameters.length > 0 ? `(${parameters.join(',')})` : '';
  return `${name}${length}${field.isList ? '[]' : ''}`;
}

function constraintsOf(model: Model, models: Model[]): Relation[] {
  return model.fields.flatMap((field) => {
    const target = models.find((candidate) => candidate.name === field.type);
    const [from] = fieldsNamed(model, field.relationFromFields);
    const [to] = fieldsNamed(target, field.relationToFields);
    return target && from && to ? [relation('constraint', model, from, target, to)] : [];
  });
}

/** Each pair of lists once: at the model, or the list, that comes first. */
function listsOf(model: Model, models: Model[]): Relation[] {
  return model.fields.flatMap((list) => {
    const target = models.find(({ name }) => list.isList && name === list.type);
    const back = target?.fields.find(
      (field) =>
        field !== list &&
        field.isList &&
        field.type === model.name &&
        field.relationName === list.relationName,
    );
    const [from] = model.fields.filter(({ isId }) => isId);
    const [to] = target?.fields.filter(({ isId }) => isId) ?? [];
    if (!target || !back || !list.relationName || !from || !to) return [];
    const isFirst = target === model ? list.name < back.name : model.name < target.name;
    const through = `_${list.relationName}`;
    return isFirst ? [{ ...relation('lists', model, from, target, to), through }] : [];
  });
}

function looseReferencesOf(model: Model, models: Model[]): Relation[] {
  return model.fields.flatMap((field) => {
    const words = field.documentation?.split(/\s+/) ?? [];
    const tag = words.indexOf('@references');
    const target = models.find((candidate) => tag >= 0 && tableId(candidate) === words[tag + 1]);
    const id = target?.fields.find((candidate) => candidate.isId);
    return target && id ? [relation('loose', model, field, target, id)] : [];
  });
}

/** In the order of the names, which pairs those of a key with those it refers to. */
const fieldsNamed = (model: Model | undefined, names: string[] = []) =>
  names.flatMap((name) => model?.fields.find((field) => field.name === name) ?? []);

const relation = (kind: Relation['kind'], from: Model, column: Field, to: Model, key: Field): Relation => ({
  kind,
  from: { table: tableId(from), column: columnName(column) },
  to: { table: tableId(to), column: columnName(key) },
});
