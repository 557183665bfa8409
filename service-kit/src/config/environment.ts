import { z } from 'zod';

/** The environment a process was started with. The only reader of `process.env` is a service's `main.ts`. */
export type Environment = Readonly<Record<string, string | undefined>>;

export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(readonly faults: readonly string[]) {
    super(`The environment is not usable:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}

/**
 * A class whose instances hold one checked environment, so that Nest can inject it by its type:
 * `class AuthConfig extends configuration(schema) {}`.
 */
export function configuration<Schema extends z.ZodObject>(schema: Schema) {
  class Configuration {
    constructor(environment: Environment) {
      Object.assign(this, parseEnvironment(schema, environment));
    }
  }
  return Configuration as new (
    environment: Environment,
  ) => z.output<Schema>;
}

/** Reports all faults together, by name and reason. Values stay out of the message: they may be secrets. */
function parseEnvironment<Schema extends z.ZodObject>(
  schema: Schema,
  environment: Environment,
): z.output<Schema> {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = schema.safeParse(present);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => {
    const [name = ''] = issue.path;
    return `${issue.path.join('.')}: ${name in present ? issue.message : 'is not set'}`;
  });
  throw new ConfigurationError(faults);
}
