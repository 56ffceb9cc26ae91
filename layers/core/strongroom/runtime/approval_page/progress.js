// The way of a restore, gate by gate, and what came of it.

const GATE_WORDS = { passed: "Done", waits: "Waits for", later: "Later", stopped: "Ended here" };

function showProgress(view) {
  at("gates").replaceChildren(...view.told.gates.map(gate));
  const { created, steps, evidence } = view.told;
  fill("result", [created && term("Created", nameOf(created), created), ...steps.map((text) => term("Afterwards", text)), evidence && term("Evidence", `${view.request.said.id} · ${mark(evidence)}`)].filter(Boolean));
}

function gate({ name, state, text }) {
  const made = document.createElement("li");
  made.className = `gate ${state}`;
  made.append(words("strong", visible(name)), words("span", [GATE_WORDS[state] ?? "", visible(text)].filter(Boolean).join(state === "waits" ? " " : " · ")));
  return made;
}

function words(kind, text) {
  const made = document.createElement(kind);
  made.textContent = text;
  return made;
}
