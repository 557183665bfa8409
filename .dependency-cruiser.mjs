/** Imports that are not allowed, each with its reason. Run by `yarn imports`. */
const service = '^(?!migrations|contracts|service-kit|scripts)[^/]+/(src|test)/';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle means two files are one thing; it also makes the load order matter.',
      severity: 'error',
      from: { pathNot: '/generated/' },
      to: { circular: true },
    },
    {
      name: 'services-do-not-import-each-other',
      comment: 'Services meet only through contracts/ and the network, so that each can be deployed alone.',
      severity: 'error',
      from: { path: '^(?!migrations|contracts|service-kit|scripts)([^/]+)/src/' },
      to: { path: '^(?!migrations|contracts|service-kit|scripts|node_modules)([^/]+)/src/', pathNot: '^$1/' },
    },
    {
      name: 'kit-knows-no-service',
      comment:
        'The kit is what any service needs; the moment it knows one, every service depends on that one.',
      severity: 'error',
      from: { path: '^service-kit/src/' },
      to: { path: `${service}|^contracts/` },
    },
    {
      name: 'migrations-read-schemas-not-code',
      comment:
        'The migration tool reads schema files and folders; importing a service would load its whole runtime.',
      severity: 'error',
      from: { path: '^migrations/src/' },
      to: { path: `${service}|^service-kit/|^contracts/|^scripts/` },
    },
    {
      name: 'prisma-client-behind-repositories',
      comment:
        'Only a repository and src/database know the tables, so a query is found where one would look.',
      severity: 'error',
      from: {
        path: `${service}`,
        pathNot: '\\.repository\\.ts$|/src/database/|/src/generated/|\\.spec\\.ts$|/test/',
      },
      to: { path: '/src/generated/prisma/' },
    },
    {
      name: 'controllers-use-services',
      comment: 'A controller maps HTTP to a service; reaching for the repository would skip the rules.',
      severity: 'error',
      from: { path: '\\.controller\\.ts$' },
      to: { path: '\\.repository\\.ts$' },
    },
    {
      name: 'features-meet-through-services',
      comment: "A feature reaches another feature's data through its service, which holds the rules.",
      severity: 'error',
      from: { path: '^([^/]+)/src/([^/]+)/', pathNot: '\\.module\\.ts$|\\.spec\\.ts$' },
      to: { path: '^([^/]+)/src/([^/]+)/[^/]+\\.repository\\.ts$', pathNot: '^[^/]+/src/$2/' },
    },
  ],
  required: [
    {
      name: 'configuration-through-nest',
      comment:
        'Configuration is loaded by @nestjs/config, which every Nest developer knows how to read and override.',
      severity: 'error',
      module: { path: '^service-kit/src/service/service\\.module\\.ts$' },
      to: { path: '@nestjs/config' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^[^/]+/(dist|bundle)/|^\\.[^/]+/|^coverage/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default'],
    },
  },
};
