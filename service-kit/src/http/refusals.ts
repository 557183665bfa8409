import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problemContentType, sendProblem, toProblem, toServiceError } from '../errors/index.js';
import type { Log } from '../logging/index.js';
import { addHeaders, describe } from './hooks.js';

/** What Fastify and Node refuse before there is a route, and so without hooks and filters, is answered as all else. */
export function refusals(log: Log) {
  return {
    frameworkErrors(error: Error, request: FastifyRequest, reply: FastifyReply): void {
      addHeaders(request, reply);
      sendProblem(toServiceError(error), request.id, reply);
      log.info(describe(request, reply, 'unknown', reply.elapsedTime), 'request');
    },
    clientErrorHandler(error: Error & { code: string }, socket: Socket): void {
      if (error.code === 'ECONNRESET' || !socket.writable) {
        socket.destroy(error);
        return;
      }
      const status = statuses[error.code] ?? 400;
      const requestId = randomUUID();
      log.info({ requestId, status, reason: error.code, ip: socket.remoteAddress }, 'no request');
      socket.end(rawAnswer(status, requestId), () => socket.destroy());
    },
  };
}

const statuses: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};

/** There is nothing but the connection to write it to. */
function rawAnswer(status: number, requestId: string): string {
  const body = JSON.stringify(toProblem(toServiceError(new HttpException('', status)), requestId));
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `content-type: ${problemContentType}`,
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${requestId}`,
    'x-content-type-options: nosniff',
    'cache-control: no-store',
    'connection: close',
    '',
    body,
  ].join('\r\n');
}
