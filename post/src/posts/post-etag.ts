import { hash } from 'node:crypto';
import { Answers, ReadsHeader } from '@bw/service-kit/openapi';
import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Author } from '../authors/author.dto.js';
import type { PostView, Versions } from './post.js';
import { PostResponse, toPostResponse } from './posts.dto.js';

/**
 * The version of the post and a digest of its author: what is shown changes with both, what a writer must not
 * overwrite unseen is the post alone.
 */
export const etagOf = ({ version, author }: PostView): string =>
  `"${version}-${author ? digestOf(author) : nobody}"`;

const digests = new WeakMap<Author, string>();
const nobody = digest(null);

/** Once for each author known here, who is the same object on every post until something changes. */
function digestOf(author: Author): string {
  const known = digests.get(author) ?? digest(author);
  digests.set(author, known);
  return known;
}

function digest(author: Author | null): string {
  return hash('sha1', JSON.stringify(author), 'base64url').slice(0, 8);
}

/** The versions that If-Match expects; undefined when any will do. What is no tag of ours matches none. */
export const IfMatch = createParamDecorator(
  (_: unknown, context: ExecutionContext): Versions | undefined =>
    expectedVersions(context.switchToHttp().getRequest<FastifyRequest>().headers['if-match']),
  [ReadsHeader('If-Match', 'The ETag of the post as you read it; 412 when it has changed since')],
);

export function expectedVersions(header: string | undefined): Versions | undefined {
  if (header === undefined || header.trim() === '*') return undefined;
  return [...asSent(header).matchAll(/(?<![\w/])"(\d{1,9})-[\w-]{8}"/g)].map(([, version]) =>
    Number(version),
  );
}

/** Our tags in a header as they left: a gateway that compresses an answer adds to its tag how. */
const asSent = (header: string): string => header.replace(/("\d{1,9}-[\w-]{8})-(?:gzip|zstd|br)"/g, '$1"');

export const AnswersPost = (status: number, summary: string) =>
  Answers(status, PostResponse, summary, { ETag: 'For If-Match and If-None-Match' });

/** Documents that a post which the client has already is not sent again. */
export const Conditional = () =>
  applyDecorators(
    ApiHeader({ name: 'If-None-Match', description: 'ETags of the post as you have it', required: false }),
    ApiResponse({ status: 304, description: 'You have the post already' }),
  );

/** Makes the answer of a post: sets its ETag, and leaves the body out where the client has it already (304). */
export type Answer = (post: PostView) => PostResponse | undefined;

export const WithEtag = createParamDecorator((_: unknown, context: ExecutionContext): Answer => {
  const http = context.switchToHttp();
  return (post) => answer(post, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
});

function answer(post: PostView, request: FastifyRequest, reply: FastifyReply): PostResponse | undefined {
  const etag = etagOf(post);
  // To be kept, and asked about each time.
  reply.header('etag', etag).header('cache-control', 'no-cache');
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (!isRead || !matches(request.headers['if-none-match'], etag)) return toPostResponse(post);
  reply.status(304);
  return undefined;
}

/** Weak comparison, as RFC 9110 asks for If-None-Match. */
function matches(header: string | undefined, etag: string): boolean {
  if (!header) return false;
  const tags = asSent(header)
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}
