import autocannon from 'autocannon';
import { residentMegabytes } from '../processes/index.js';
import type { PostSite } from './post-site.js';
import { type Measurement, middleOf } from './report.js';

const samples = 60;

/**
 * Memory of post under a mixed load, by a third: the first is for warming up, the growth is from the second to the
 * last. The middle of each third's samples, since memory goes up and down with the garbage.
 */
export async function measureMemory(
  site: PostSite,
  minutes: number,
  signal: AbortSignal,
): Promise<Measurement[]> {
  const requests = await mixedRequests(site);
  const sampled: number[] = [];
  let total = 0;
  while (sampled.length < samples) {
    signal.throwIfAborted();
    const result = await autocannon({
      url: site.post,
      requests,
      connections: 20,
      duration: (minutes * 60) / samples,
    });
    if (result.non2xx + result.errors > 0)
      throw new Error(`${result.non2xx + result.errors} requests failed.`);
    total += result.requests.total;
    sampled.push(residentMegabytes(site.postProcess));
  }
  const third = Math.floor(sampled.length / 3);
  const [before, after] = [middleOf(sampled.slice(third, -third)), middleOf(sampled.slice(-third))];
  return [
    { what: `requests in ${minutes} min of load`, value: total, unit: 'requests' },
    { what: 'memory in the middle of it', value: before, unit: 'MB' },
    { what: 'memory at the end, at most a tenth more', value: after, unit: 'MB', target: before * 1.1 },
  ];
}

/** Twenty requests: mostly reads, some searches, one new post. */
async function mixedRequests({ query, token }: PostSite): Promise<autocannon.Request[]> {
  const rows = await query<{ id: string }>('SELECT id FROM post_schema.posts ORDER BY id LIMIT 200');
  const reads = rows.map(({ id }) => ({ path: `/v1/posts/${id}` }));
  const searches = Array.from({ length: 20 }, (_, n) => ({ path: `/v1/posts?q=word${n * 211}` }));
  const create = {
    method: 'POST' as const,
    path: '/v1/posts',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ title: 'A new post', content: 'Some words of a new post. '.repeat(20) }),
  };
  return searches.flatMap((search, n) => [
    ...reads.slice(n * 10, n * 10 + 10),
    ...Array.from({ length: 8 }, () => ({ path: '/v1/posts' })),
    search,
    create,
  ]);
}
