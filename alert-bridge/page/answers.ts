// The answers that several routes share: a page, and what is wrong with a request, in words.
import type { FastifyReply } from 'fastify';
import type { Html } from '../../common/html.ts';

export function sendPage(reply: FastifyReply, status: 200 | 400, page: Html): FastifyReply {
  return reply.code(status).type('text/html; charset=utf-8').send(page.toString());
}

export function invalid(reply: FastifyReply, faults: readonly string[]): FastifyReply {
  return reply.code(400).send({ error: 'invalid', message: faults.join('; '), faults });
}

export function missing(reply: FastifyReply, message: string): FastifyReply {
  return reply.code(404).send({ error: 'not_found', message });
}
