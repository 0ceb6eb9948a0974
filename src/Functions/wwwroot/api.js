import { sentence } from "./words.js";

class Problem extends Error {
  constructor(status, { title, detail } = {}, retryAfter = 0) {
    super([title ?? `The server answered with status ${status}.`, detail].filter(Boolean).map(sentence).join(" "));
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

export async function call(method, path, body, headers = {}) {
  const response = await fetch(path, {
    method,
    headers: { ...headers, ...(body && { "Content-Type": "application/json" }) },
    body: body && JSON.stringify(body),
    cache: "no-store",
  }).catch(() => { throw new Problem(0, { title: "The server can't be reached." }); });
  if (!response.ok) throw await problemOf(response);
  return response.json();
}

async function problemOf(response) {
  const body = await response.json().catch(() => ({}));
  return new Problem(response.status, body, Number(response.headers.get("Retry-After")) || 0);
}

export const storedKey = () => sessionStorage.getItem("key") ?? "";
export const storeKey = key => sessionStorage.setItem("key", key);

export function callWithKey(method, path, body) {
  const key = storedKey();
  return call(method, path, body, key ? { "x-functions-key": key } : {});
}
