/** The guide's commands about containers, as they are written there. */
export const production = {
  verify: [
    'docker exec bw-postgres psql -U admin -d postgres -c "SELECT migration_name, finished_at FROM _prisma_migrations ORDER BY finished_at DESC LIMIT 5;"',
    'docker exec bw-postgres psql -U admin -d postgres -c "SELECT migration_name, finished_at, applied_steps_count FROM _prisma_migrations ORDER BY finished_at DESC;"',
    'docker exec bw-postgres psql -U admin -d postgres -c "SELECT migration_name FROM _prisma_migrations ORDER BY finished_at DESC LIMIT 5;"',
  ],
  manual: [
    'docker exec bw-auth-service sh -c "yarn prisma:migrate:prod"',
    'docker exec bw-post-service sh -c "yarn prisma:migrate:prod"',
  ],
  generate: [
    'docker exec bw-auth-service sh -c "yarn prisma:generate"',
    'docker exec bw-post-service sh -c "yarn prisma:generate"',
  ],
  restart: 'docker restart bw-auth-service bw-post-service',
  tables: [
    `docker exec bw-postgres psql -U admin -d postgres -c "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('auth_schema', 'post_schema') ORDER BY schemaname, tablename;"`,
    'docker exec bw-postgres psql -U admin -d postgres -c "\\dt auth_schema.*"',
    'docker exec bw-postgres psql -U admin -d postgres -c "\\dt post_schema.*"',
    'docker exec bw-postgres psql -U admin -d postgres -c "\\d auth_schema.users"',
  ],
  dump: 'docker exec bw-postgres pg_dump -U admin -d postgres > backup_$(date +%Y%m%d_%H%M%S).sql',
  volume:
    'docker run --rm -v nestjs-microservices_postgres_data:/data -v $(pwd):/backup alpine tar czf /backup/postgres_backup_$(date +%Y%m%d_%H%M%S).tar.gz /data',
  logs: 'docker logs bw-auth-service',
  /** The guide leaves the path open. */
  dataMigration: (file: string) => `docker exec bw-auth-service sh -c "cd /app && node ${file}"`,
};

export const development = {
  migrate: [
    'docker exec bw-auth-service sh -c "yarn prisma:migrate:dev"',
    'docker exec bw-post-service sh -c "yarn prisma:migrate:dev"',
  ],
  generate: [
    'docker exec bw-auth-service sh -c "yarn prisma:generate"',
    'docker exec bw-post-service sh -c "yarn prisma:generate"',
  ],
  restart: 'docker restart bw-auth-service bw-post-service',
  cleanSlate: ['./dev-stop.sh', 'docker-compose -f docker-compose.dev.yml down -v', './dev.sh'],
  reset: ['docker-compose -f docker-compose.dev.yml down -v', './dev.sh'],
};

/** Lines with a placeholder, filled in by the test. */
export const failedMigration = {
  look: (name: string) =>
    `docker exec bw-postgres psql -U admin -d postgres -c "SELECT * FROM _prisma_migrations WHERE migration_name = '${name}';"`,
  rolledBack: (name: string) =>
    `docker exec bw-auth-service sh -c "yarn prisma migrate resolve --rolled-back ${name}"`,
  applied: (name: string) =>
    `docker exec bw-auth-service sh -c "yarn prisma migrate resolve --applied ${name}"`,
  again: 'docker exec bw-auth-service sh -c "yarn prisma:migrate:prod"',
};
