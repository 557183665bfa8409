declare var testPostgresGuard: import('node:child_process').ChildProcess | undefined;
