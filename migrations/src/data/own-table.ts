/** What `db data` remembers of a service, which no schema mentions: a comparison would take it for something to drop. */
export const ownTable = (schema: string): string => `${schema}._data_migrations`;
