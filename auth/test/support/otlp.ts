import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';

interface ReceivedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: { key: string; value: { stringValue?: string; intValue?: number } }[];
}

/** Takes OTLP over HTTP, as a collector does. */
export class Collector {
  readonly spans: (ReceivedSpan & { service: string | undefined })[] = [];
  readonly received: string[] = [];
  private readonly server: Server;

  private constructor() {
    this.server = createServer(async (request, response) => {
      const body = await text(request);
      if (request.method === 'POST' && request.url === '/v1/traces') this.take(body);
      response.setHeader('content-type', 'application/json').end('{}');
    });
  }

  static async start(): Promise<Collector> {
    const collector = new Collector();
    await new Promise<void>((resolve) => collector.server.listen(0, '127.0.0.1', resolve));
    return collector;
  }

  get url(): string {
    const address = this.server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  }

  find(name: string) {
    return this.spans.find((span) => span.name === name);
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private take(body: string): void {
    this.received.push(body);
    for (const { resource, scopeSpans } of JSON.parse(body).resourceSpans) {
      const [service] = resource.attributes.filter(({ key }: { key: string }) => key === 'service.name');
      for (const { spans } of scopeSpans) {
        for (const span of spans) this.spans.push({ ...span, service: service?.value.stringValue });
      }
    }
  }
}
