// Faults of a request in words, the same from every route.
import type { FastifyReply } from 'fastify';

export function invalid(reply: FastifyReply, faults: readonly string[]): FastifyReply {
  return reply.code(400).send({ error: 'invalid', message: faults.join('; '), faults });
}

export function missing(reply: FastifyReply, message: string): FastifyReply {
  return reply.code(404).send({ error: 'not_found', message });
}
