import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { UserError } from '../errors/index.js';
import { EngineContext } from './context.js';
import { devMethods } from './dev/index.js';
import { EngineError, EnginePanic } from './errors.js';
import { createEngine } from './index.js';
import { type Input, isMethod, type MethodName } from './methods/index.js';
import { type EngineOptions, resolveSettings } from './settings.js';

interface Message {
  id: number;
  method?: string;
  params?: unknown;
}

/** A conversation in JSON-RPC 2.0, one message a line. */
export class RpcServer {
  readonly #context: Promise<EngineContext>;
  readonly #output: Writable;
  readonly #asked = new Map<number, () => void>();
  #last = Promise.resolve();

  constructor(options: EngineOptions, output: Writable) {
    this.#output = output;
    const print = (content: string) => void this.#ask('print', { content });
    this.#context = resolveSettings({ ...options, print }).then((settings) => new EngineContext(settings));
    // A bad URL is the answer to the first question.
    this.#context.catch(() => undefined);
  }

  /** Answers requests in their order until the input ends; answers to our own requests are taken at once. */
  async serve(input: Readable): Promise<void> {
    for await (const line of createInterface({ input })) {
      const message = JSON.parse(line) as Message;
      if (message.method === undefined) this.#asked.get(message.id)?.();
      else this.#last = this.#last.then(() => this.#answer(message));
    }
    await this.#last;
  }

  async close(): Promise<void> {
    await this.#context.then((context) => context.close()).catch(() => undefined);
  }

  async #answer({ id, method = '', params }: Message): Promise<void> {
    const name = renamed.get(method) ?? method;
    if (!isMethod(name))
      return this.#send({ id, error: { code: -32601, message: `Method not found: ${method}` } });
    try {
      const result = await call(await this.#context, name, params);
      if (isPrinted(result)) await this.#ask('print', { content: result.stdout });
      this.#send({ id, result: result ?? {} });
    } catch (error) {
      const message = 'An error happened. Check the data field for details.';
      this.#send({ id, error: { code: 4466, message, data: describe(error) } });
    }
  }

  #ask(method: string, params: object): Promise<void> {
    const id = this.#asked.size + 1;
    return new Promise((resolve) => {
      this.#asked.set(id, resolve);
      this.#send({ id, method, params });
    });
  }

  #send(message: object): void {
    this.#output.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }
}

const renamed = new Map([['getDatabaseVersion', 'version']]);

/** The one place where a message from outside is trusted to fit: both ends are pinned to one version of Prisma. */
const call = (context: EngineContext, name: MethodName, params: unknown): Promise<unknown> =>
  createEngine(context, devMethods).call(name, (params ?? {}) as Input<MethodName>);

/** Prisma prints a comparison when it is asked to, not when it gets it as the answer. */
const isPrinted = (result: unknown): result is { stdout: string } =>
  typeof result === 'object' && result !== null && 'stdout' in result && typeof result.stdout === 'string';

const prismaCode = /^P\d{4}$/;

function describe(error: unknown): object {
  const message = error instanceof Error ? error.message : String(error);
  const isPanic = error instanceof EnginePanic;
  if (isPanic || !(error instanceof UserError)) return { is_panic: isPanic, message, backtrace: null };
  return {
    is_panic: false,
    message: error.hint ? `${message}\n\n${error.hint}` : message,
    meta: error instanceof EngineError ? error.meta : {},
    ...(prismaCode.test(error.code) && { error_code: error.code }),
  };
}
