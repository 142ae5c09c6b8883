// Questions to the API. A problem document becomes an Error with its detail; 503 says when to come again.

export class Problem extends Error {
  constructor(status, title, detail, retrySeconds) {
    super(detail ?? title);
    this.status = status;
    this.retrySeconds = retrySeconds;
  }
}

/** Parameters as a query string; empty ones are left out. */
export function query(params) {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) if (value !== undefined && value !== null && value !== '') given.set(name, value);
  const text = given.toString();
  return text ? `?${text}` : '';
}

export async function ask(path, params = {}, signal = undefined) {
  let answer;
  try {
    answer = await fetch(`api/v1/${path}${query(params)}`, {signal, headers: {accept: 'application/json'}});
  } catch (e) {
    if (e.name === 'AbortError') throw e;
    throw new Problem(0, 'Sidewire does not answer. Is it still running?', undefined, 2);
  }
  if (answer.ok) return answer.json();
  const problem = await answer.json().catch(() => ({}));
  throw new Problem(answer.status, problem.title ?? answer.statusText, problem.detail, Number(answer.headers.get('Retry-After')) || undefined);
}
