// Questions to the server.

/** A number as the server writes it: those that JSON cannot say come as text; null when there is none. */
export function toNumber(value) {
  if (typeof value === "number") return value;
  if (value === "NaN") return NaN;
  if (value === "Infinity") return Infinity;
  if (value === "-Infinity") return -Infinity;
  return null;
}

/** The query of a source: session, type and worker. */
export function sourceQuery(source, more = {}) {
  const fields = new URLSearchParams({ session: source.session, type: source.type, worker: source.worker });
  for (const [name, value] of Object.entries(more)) {
    for (const one of [value].flat()) fields.append(name, one);
  }
  return fields;
}

export class APIError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function answer(response) {
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new APIError(response.status, body?.error ?? `${response.status} ${response.statusText}`);
  return body;
}

/** The answer to GET /api/NAME. */
export async function ask(name, fields = "", signal = undefined) {
  const query = String(fields);
  return answer(await fetch(`/api/${name}${query ? `?${query}` : ""}`, { signal, cache: "no-store" }));
}

/** POST /api/NAME with the page's token. */
export async function tell(name, body) {
  const token = document.querySelector('meta[name="w2v-token"]').content;
  return answer(await fetch(`/api/${name}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-W2V-Token": token },
    body: JSON.stringify(body),
  }));
}
