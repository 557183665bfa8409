export type SpanKind = 'server' | 'client' | 'internal';
export type Attributes = Readonly<Record<string, string | number>>;

/** One step of a request, as a trace shows it. */
export interface Span {
  /** W3C trace context, to hand on to whoever continues the trace. */
  readonly traceparent: string;
  child(name: string, kind: SpanKind, attributes?: Attributes): Span;
  end(outcome?: { attributes?: Attributes; failed?: boolean }): void;
}

export interface Tracer {
  /** Continues the caller's trace where there is one. */
  start(
    name: string,
    kind: SpanKind,
    options: { parent?: string | undefined; attributes?: Attributes },
  ): Span;
  /** Sends what has not been sent yet. */
  stop(): Promise<void>;
}
