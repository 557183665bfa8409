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
    ...services.map(({ name }, index) => `  classDef ${className(name)} ${colours[index % colours.length]}`),
    '',
  ].join('\n');
}

const colours = [
  'fill:#e0ecff,stroke:#3b6fb6,color:#10243e',
  'fill:#e3f6e5,stroke:#3f8f4a,color:#122d16',
  'fill:#fdf0d9,stroke:#b9812b,color:#3a2809',
  'fill:#f6e3f4,stroke:#9a4a91,color:#331430',
];

/** Some names of services, such as `class` or `end`, are words of Mermaid's own. */
const className = (service: string) => `service_${service}`;

const entityId = (tableId: string) =>
  tableId
    .replaceAll('.', '__')
    .replaceAll(/\W/gu, (character) => `_${character.codePointAt(0)?.toString(16)}`);

function entity(service: string, table: Table): string[] {
  return [
    `  ${entityId(table.id)}[${quoted(`${service}.${table.name}`)}]:::${className(service)} {`,
    ...table.columns.map(({ type, name, key }) => `    ${word(type)} ${word(name)}${key ? ` ${key}` : ''}`),
    '  }',
  ];
}

const quoted = (text: string) => `"${text.replaceAll('"', "'")}"`;

/** Mermaid takes these characters alone, a letter or `_` first, and reads PK, FK and UK as keys. */
function word(text: string): string {
  const plain = text.replaceAll(/[^A-Za-z0-9_()[\]-]/gu, '_');
  return /^(?![A-Za-z_])|^[PFU]K\b/i.test(plain) ? `_${plain}` : plain;
}

const ends = { constraint: '||--o{', loose: '||..o{', lists: '}o--o{' };

const line = ({ from, to, kind, through = from.column }: Relation) =>
  `  ${entityId(to.table)} ${ends[kind]} ${entityId(from.table)} : ${quoted(through)}`;
