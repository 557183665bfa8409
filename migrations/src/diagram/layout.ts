import elk, { type ElkExtendedEdge, type ElkNode } from 'elkjs/lib/elk.bundled.js';
import type { DatabaseModel, Relation, Table } from './model.js';

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Layout {
  width: number;
  height: number;
  services: Map<string, Box>;
  tables: Map<string, Box>;
  /** In the order of the model's relations. */
  lines: { x: number; y: number }[][];
}

export const rowHeight = 18;
export const headerHeight = 26;
const characterWidth = 7;

/** Places services, tables and lines with ELK's layered algorithm. The same model gives the same picture. */
export async function layOut(model: DatabaseModel): Promise<Layout> {
  const graph: ElkNode = await new elk.default().layout({
    id: 'root',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'RIGHT',
      'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
      'elk.json.shapeCoords': 'ROOT',
      'elk.json.edgeCoords': 'ROOT',
      'elk.aspectRatio': '1.4',
      'elk.randomSeed': '1',
      'elk.layered.spacing.nodeNodeBetweenLayers': '60',
      'elk.spacing.nodeNode': '28',
    },
    children: model.services.map(({ name, tables }) => ({
      id: `service:${name}`,
      layoutOptions: { 'elk.padding': '[top=44,left=20,bottom=20,right=20]', 'elk.aspectRatio': '1.4' },
      children: tables.map(tableNode),
    })),
    edges: [
      ...model.relations.map(edge),
      ...model.services.flatMap((service) => rowsOfUnrelated(service.tables, model)),
    ],
  });
  const services = graph.children ?? [];
  return {
    width: graph.width ?? 0,
    height: graph.height ?? 0,
    services: new Map(services.map((node) => [node.id.slice('service:'.length), box(node)])),
    tables: new Map(services.flatMap((node) => node.children ?? []).map((node) => [node.id, box(node)])),
    lines: (graph.edges ?? []).slice(0, model.relations.length).map(pointsOf),
  };
}

function tableNode(table: Table): ElkNode {
  const longest = Math.max(
    table.name.length + 2,
    ...table.columns.map(({ name, type, key }) => name.length + type.length + key.length + 6),
  );
  const width = longest * characterWidth + 20;
  return {
    id: table.id,
    width,
    height: headerHeight + table.columns.length * rowHeight + 6,
    layoutOptions: { 'elk.portConstraints': 'FIXED_POS' },
    ports: table.columns.flatMap(({ name }, row) => {
      const y = headerHeight + row * rowHeight + rowHeight / 2;
      return [
        { id: port(table.id, name, 'in'), x: 0, y, width: 0, height: 0 },
        { id: port(table.id, name, 'out'), x: width, y, width: 0, height: 0 },
      ];
    }),
  };
}

const port = (table: string, column: string, side: 'in' | 'out') => `${table}.${column}:${side}`;

const edge = ({ from, to }: Relation, index: number): ElkExtendedEdge => ({
  id: `relation:${index}`,
  sources: [port(to.table, to.column, 'out')],
  targets: [port(from.table, from.column, 'in')],
});

/** Layers follow relations; tables without any would pile up in one column, so edges that are not drawn spread them. */
function rowsOfUnrelated(tables: Table[], { relations }: DatabaseModel): ElkExtendedEdge[] {
  const related = new Set(relations.flatMap(({ from, to }) => [from.table, to.table]));
  const unrelated = tables
    .filter(({ id }) => !related.has(id))
    .toSorted((a, b) => b.columns.length - a.columns.length);
  // Tables are about as wide as high.
  const columns = Math.max(3, Math.round(Math.sqrt(unrelated.length)));
  return unrelated.flatMap(({ id }, index) => {
    const next = unrelated[index + 1];
    if (!next || index % columns === columns - 1) return [];
    return [{ id: `row:${id}`, sources: [id], targets: [next.id] }];
  });
}

const box = ({ x = 0, y = 0, width = 0, height = 0 }: ElkNode): Box => ({ x, y, width, height });

const pointsOf = ({ sections = [] }: ElkExtendedEdge) =>
  sections.flatMap(({ startPoint, bendPoints = [], endPoint }) => [startPoint, ...bendPoints, endPoint]);
