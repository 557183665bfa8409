import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findRoot } from '@bw/migrations/services';
import { describe, expect, it } from '@jest/globals';
import { checkFree } from './check-name.js';
import { entriesOf } from './entries.js';
import { addLines, removeLines } from './lines.js';
import { namesOf, renderer } from './names.js';
import { addOverlay, removeOverlay, takenKey } from './overlay.js';
import { filesOf, ownPaths, templateOf } from './template.js';

const root = findRoot(import.meta.dirname);
const time = '20260102030405';
const zebras = namesOf('zebras', { httpPort: 9003, grpcPort: 50053, time });
const render = renderer(zebras);
const read = (path: string) => readFileSync(join(root, path), 'utf8');

describe('names', () => {
  it.each([
    ['comments', 'comment', 'comments'],
    ['comment', 'comment', 'comments'],
    ['inventory', 'inventory', 'inventories'],
    ['people', 'person', 'people'],
    ['news', 'news', 'news'],
    ['sms', 'sms', 'sms'],
    ['gps', 'gps', 'gps'],
    ['a', 'a', 'as'],
    ['ids', 'ids', 'ids'],
    ['apis', 'api', 'apis'],
    ['bus', 'bus', 'buses'],
    ['status', 'status', 'statuses'],
    ['category', 'category', 'categories'],
    ['cache', 'cache', 'caches'],
    ['lens', 'lens', 'lenses'],
    ['cookies', 'cookie', 'cookies'],
    ['analytics', 'analytics', 'analytics'],
  ])('of %s are %s for one and %s for many', (service, singular, plural) => {
    expect(namesOf(service, { httpPort: 1, grpcPort: 2, time })).toMatchObject({ singular, plural });
  });

  it('take the place of the stand-ins in every form', () => {
    const text =
      'SAMPLE_HTTP_PORT sample_schema SampleConfig toWidgetPage widgets.ts 9199 50199 00000000000000';
    expect(renderer(namesOf('people', { httpPort: 1, grpcPort: 2, time }))(text)).toBe(
      'PEOPLE_HTTP_PORT people_schema PeopleConfig toPersonPage people.ts 1 2 20260102030405',
    );
  });
});

describe('the files of a service', () => {
  // The last two are what the template itself says.
  it.each(['zebras', 'news', 'sample', 'widgets'])('all belong to it alone: %s', (service) => {
    const names = namesOf(service, { httpPort: 1, grpcPort: 2, time });
    const own = ownPaths(names);
    expect(own).toContain(service);
    for (const path of own) expect(path).toMatch(new RegExp(`${service}|${names.singular}`));
    for (const { path } of filesOf(root, names))
      expect(own.some((folder) => path === folder || path.startsWith(`${folder}/`))).toBe(true);
  });

  it('do not get between those that every service has', () => {
    const commands = namesOf('commands', { httpPort: 1, grpcPort: 2, time });
    expect(() => checkFree(root, commands)).toThrow('keeps something else in src/commands/.');
  });

  it.each(['settings', 'namespace', 'upstreams'])('are not there already: %s', (service) => {
    const names = namesOf(service, { httpPort: 9003, grpcPort: 50053, time });
    expect(() => checkFree(root, names)).toThrow(
      `deploy/kubernetes/${service}.yaml, which it would write, is there already.`,
    );
  });

  it('are free for a name that nothing has', () => {
    expect(() => checkFree(root, zebras)).not.toThrow();
  });
});

describe('files of all services', () => {
  it.each(entriesOf(zebras).map((entry) => [entry.path, entry] as const))(
    '%s gets the service and loses it again, every other byte the same',
    (path, entry) => {
      const text = read(path);
      const added = entry.add(text);
      expect(added).toContain('zebras');
      expect(entry.taken(text)).toBeUndefined();
      expect(entry.remove(added)).toBe(text);
    },
  );

  it('keep their comments, anchors and the order of what they had', () => {
    const text = `# About it.
x-one: &one
  list: [a] # here

services:
  auth:
    <<: *one # as all

  # Before the gateway.
  gateway:
    env: { A: '1' }
`;
    const overlay = { text: 'services:\n  sample:\n    <<: *one\n', render };
    const added = addOverlay(text, overlay);
    expect(added).toBe(text.replace('# as all\n', '# as all\n\n  zebras:\n    <<: *one\n'));
    expect(removeOverlay(added, overlay)).toBe(text);
    expect(takenKey(added, overlay)).toBe('zebras');
  });

  it('say where they lack the line that a service is added above', () => {
    expect(() => addLines('file.sql', 'SELECT 1;\n', 'SELECT 2;\n', 'COMMIT')).toThrow(
      'file.sql has no line that begins with "COMMIT".',
    );
  });

  it('are not cut where somebody has changed what was added', () => {
    expect(() => removeLines('file', 'one {\n  changed\n}\n', 'one {\n  two\n}\n')).toThrow(
      'file has other lines',
    );
    expect(removeLines('file', 'other\n', 'one {\n}\n')).toBe('other\n');
  });
});

describe('the template', () => {
  const post = renderer(namesOf('post', { httpPort: 9002, grpcPort: 50052, time }));
  const alike = [
    ...templateOf('entries'),
    ...templateOf('files').filter(({ path }) =>
      /^deploy\/|\.env\.example$|\/(main|service|client|database\.module)\.ts$/.test(path),
    ),
  ];

  it.each(alike.map(({ path, text }) => [path, text] as const))(
    '%s says nothing of a service that is not said of post',
    (path, text) => {
      const known = new Set(
        read(post(path))
          .replaceAll(/ &\w+$/gm, '')
          .split('\n'),
      );
      const unknown = post(text)
        .split('\n')
        .filter((line) => !known.has(line));
      expect(unknown).toEqual([]);
    },
  );
});
