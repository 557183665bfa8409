import { drawDiagram } from '../diagram/index.js';
import { mergedSchema } from '../schema/index.js';
import { type CollectOptions, collectReport } from './collect.js';
import { renderPage, renderParts } from './page.js';
import { type LiveReport, serveReport } from './serve.js';

export type { MigrationReport, MigrationState, Report, ServiceReport } from './collect.js';
export { collectReport } from './collect.js';
export { renderPage } from './page.js';
export type { LiveReport } from './serve.js';

/** The report as one HTML file. */
export async function createReport(options: CollectOptions): Promise<string> {
  const [report, diagram] = await Promise.all([collectReport(options), drawTables(options.root)]);
  return renderPage(report, diagram);
}

/** Serves the report on loopback, following what runs. Port 0 takes a free one. */
export function watchReport(options: CollectOptions, port: number): Promise<LiveReport> {
  const page = async () => {
    const [report, diagram] = await Promise.all([collectReport(options), drawTables(options.root)]);
    return renderPage(report, diagram, { live: true });
  };
  return serveReport({ port, page, parts: followParts(options), interval: 1_000 });
}

/** Reads the parts again and again; compares database and schema, which takes longest, only after a migration. */
function followParts(options: CollectOptions): () => Promise<Record<string, string>> {
  let timeline: string | undefined;
  let drift: (string | undefined)[] = [];
  return async () => {
    const report = await collectReport({ ...options, compare: false });
    const now = renderParts(report);
    if (options.compare && now.timeline !== timeline)
      drift = (await collectReport(options)).services.map((service) => service.drift);
    timeline = now.timeline;
    const services = report.services.map((service, index) => ({ ...service, drift: drift[index] }));
    return renderParts({ ...report, services });
  };
}

async function drawTables(root: string): Promise<string> {
  const drawing = await drawDiagram(await mergedSchema(root));
  return drawing.get('database.svg') ?? '';
}
