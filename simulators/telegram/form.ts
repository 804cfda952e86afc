// The Bot API takes parameters as JSON, as a form, or as multipart: all become one object, JSON values inside read.
import type { IncomingMessage } from 'node:http';

export async function readForm(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const body = Buffer.concat(chunks);
  if (body.length === 0) return {};
  const type = request.headers['content-type'] ?? '';
  if (type.includes('application/json')) return readObject(body.toString('utf8'));
  const form = await new Response(body, { headers: { 'content-type': type } }).formData();
  return Object.fromEntries(
    [...form.entries()].map(([name, value]) => [name, typeof value === 'string' ? readValue(name, value) : value]),
  );
}

/** Structured parameters travel as JSON text; text itself must stay as it is, whatever it looks like. */
function readValue(name: string, value: string): unknown {
  if (name === 'text' || !/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function readObject(text: string): Readonly<Record<string, unknown>> {
  const parsed: unknown = JSON.parse(text);
  return typeof parsed === 'object' && parsed !== null ? Object.fromEntries(Object.entries(parsed)) : {};
}
