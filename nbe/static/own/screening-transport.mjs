/* How edits reach the service: JSON to the address of the form's edits, with the token of the session. */
import { Unreachable } from "./screening-queue.mjs";

const PATIENCE = 20_000; // milliseconds

async function ask(address, options = {}) {
  let answer;
  try {
    const headers = { Accept: "application/json", ...options.headers };
    answer = await fetch(address, { ...options, headers, cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
    if (!answer.headers.get("Content-Type")?.includes("json")) return { status: answer.status || 401, body: null };
    return { status: answer.status, body: await answer.json() };
  } catch {
    throw new Unreachable(); // no connection, or it broke on the way
  }
}

export function makeTransport(address, filesAddress) {
  return {
    state: (since, device) => ask(`${address}?siden=${since}&enhed=${encodeURIComponent(device)}`),
    file: ({ key, theme, name, blob }, csrf) => {
      const body = new FormData();
      Object.entries({ key, theme }).forEach(([field, value]) => body.append(field, value));
      body.append("file", blob, name);
      return ask(filesAddress, { method: "POST", body, headers: { "X-CSRFToken": csrf } });
    },
    send: (body, csrf) => ask(address, {
      method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
    }),
  };
}
