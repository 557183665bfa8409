import type { DatabaseModel, Relation, Table } from './model.js';

/** The model as a Mermaid entity-relationship diagram; a colour a service, a dotted line for a loose reference. */
export function toMermaid({ services, relations }: DatabaseModel): string {
  return [
    'erDiagram',
    ...services.flatMap(({ name, tables }) => [
      `  %% ${name}`,
      ...tables.flatMap((table) => entity(name, table)),
    ]),
    ...relations.map(line),
    ...services.map(({ name }, index) => `  classDef ${name} ${colours[index % colours.length]}`),
    '',
  ].join('\n');
}

const colours = [
  'fill:#e0ecff,stroke:#3b6fb6,color:#10243e',
  'fill:#e3f6e5,stroke:#3f8f4a,color:#122d16',
  'fill:#fdf0d9,stroke:#b9812b,color:#3a2809',
  'fill:#f6e3f4,stroke:#9a4a91,color:#331430',
];

const entityId = (tableId: string) => tableId.replaceAll('.', '__');

function entity(service: string, table: Table): string[] {
  return [
    `  ${entityId(table.id)}["${service}.${table.name}"]:::${service} {`,
    ...table.columns.map(({ type, name, key }) => `    ${word(type)} ${name}${key ? ` ${key}` : ''}`),
    '  }',
  ];
}

/** Mermaid takes a type of letters, digits, brackets and parentheses only. */
const word = (type: string) => type.replaceAll(',', '_');

const line = ({ from, to, kind }: Relation) =>
  `  ${entityId(to.table)} ||${kind === 'loose' ? '..' : '--'}o{ ${entityId(from.table)} : "${from.column}"`;
