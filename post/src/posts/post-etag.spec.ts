import { describe, expect, it } from '@jest/globals';
import type { PostView } from './post.js';
import { etagOf, expectedVersions } from './post-etag.js';

const view = (changes: Partial<PostView> = {}): PostView => ({
  id: 'a',
  title: 'Title',
  content: 'Content',
  images: [],
  createdBy: null,
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  version: 3,
  author: null,
  ...changes,
});
const author = { id: 'b', firstName: 'Ann', lastName: null, avatar: null, state: 'active' } as const;

describe('etag of a post', () => {
  it('is another when the post or what is shown of its author is another', () => {
    const tags = [
      view(),
      view({ version: 4 }),
      view({ author }),
      view({ author: { ...author, state: 'unavailable' } }),
    ];
    expect(new Set(tags.map(etagOf)).size).toBe(4);
    expect(etagOf(view({ author }))).toBe(etagOf(view({ author: { ...author } })));
  });

  it('gives back the version it was made for', () => {
    expect(expectedVersions(etagOf(view()))).toEqual([3]);
    expect(expectedVersions(`${etagOf(view())}, ${etagOf(view({ version: 12 }))}`)).toEqual([3, 12]);
  });

  it('knows it again when a gateway has compressed the answer', () => {
    const tag = etagOf(view({ author }));
    for (const how of ['gzip', 'zstd', 'br'])
      expect(expectedVersions(tag.replace(/"$/, `-${how}"`))).toEqual([3]);
    expect(expectedVersions(tag.replace(/"$/, '-other"'))).toEqual([]);
  });

  it('expects any version without a header or with *, and none with a tag of something else', () => {
    expect([expectedVersions(undefined), expectedVersions('*')]).toEqual([undefined, undefined]);
    expect([expectedVersions('"x"'), expectedVersions(`W/${etagOf(view())}`)]).toEqual([[], []]);
  });
});
