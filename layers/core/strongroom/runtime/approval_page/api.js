// What is asked of the control plane, always by POST: looking at a page changes nothing.

class Refusal extends Error {
  constructor(status, text) {
    super(text);
    this.status = status;
  }
}

async function post(address, body, { credentials = "omit" } = {}) {
  let answer;
  try {
    answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      credentials,
      redirect: "error",
      cache: "no-store",
    });
  } catch {
    throw new Refusal(0, "The control plane cannot be reached.");
  }
  const content = await answer.json().catch(() => null);
  if (answer.ok && content !== null) return content;
  const told = typeof content?.error === "string" ? sentence(content.error) : "The control plane did not say why.";
  throw new Refusal(answer.status || 500, told);
}

function sentence(text) {
  const said = text.trim();
  return said && `${said[0].toUpperCase()}${said.slice(1)}${/[.!?]$/.test(said) ? "" : "."}`;
}
