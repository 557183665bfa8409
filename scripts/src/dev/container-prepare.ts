import { initializeDatabase } from '@bw/migrations/initialize';
import { writeEnvironment } from './environment.js';
import { layout } from './layout.js';
import { readSettings } from './settings.js';

// What ./dev.sh does around PostgreSQL, where that is a container beside this one.
const settings = readSettings(layout);
await writeEnvironment(layout, settings);
const roles = settings.services.flatMap((service) => [service.ownerRole, service.appRole]);
await initializeDatabase({
  adminUrl: 'postgresql://admin:admin@postgres:5432/postgres',
  passwords: Object.fromEntries(roles.map((role) => [role, role])),
  createDb: true,
  services: settings.services,
});
