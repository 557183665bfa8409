import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { ServiceConfig } from '../config/index.js';
import type { Log } from '../logging/index.js';
import { refusals } from './refusals.js';

const kilobyte = 1024;
const usualBody = 256 * kilobyte;

/** Fastify with limits on everything a client decides: body, headers, path, time. */
export function createAdapter(config: ServiceConfig, log: Log, bodyLimit = usualBody): FastifyAdapter {
  return new FastifyAdapter({
    ...refusals(log),
    logger: false,
    // There is no middleware: what others do there, guards, pipes and hooks do here.
    skipMiddie: true,
    bodyLimit,
    requestTimeout: 30_000,
    keepAliveTimeout: 65_000,
    // Without a stream for a body that is not there, from Node 24 on.
    http: { maxHeaderSize: 16 * kilobyte, optimizeEmptyRequests: true },
    routerOptions: { maxParamLength: 200 },
    trustProxy: config.TRUSTED_PROXIES.length > 0 ? config.TRUSTED_PROXIES : false,
    requestIdHeader: false,
    genReqId: requestId,
    // What arrives on an open connection while stopping is answered, with `connection: close`.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
  });
}

/** The caller's id when it is harmless to log and to echo, a new one otherwise. */
function requestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
}
