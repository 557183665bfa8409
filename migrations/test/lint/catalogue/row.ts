export interface Row {
  operation: string;
  /** Undefined where other tools object and PostgreSQL shows that they are wrong. */
  rule: string | undefined;
  bad: string;
  safe: string;
}

export const users = 'ALTER TABLE app_schema.users';
