// The way of a restore, gate by gate, and what came of it.

const GATE_WORDS = { passed: "Done", waits: "Waits for", later: "Later", stopped: "Ended here" };

function showProgress(view) {
  at("gates").replaceChildren(...view.told.gates.map(gate));
  const { created, steps, checklist, evidence } = view.told;
  fill("result", [created && term("Created", nameOf(created), created), ...steps.map((text) => term("Afterwards", text)), ...checklist.map((each) => stepByHand(each, view.request.said.id)), evidence && term("Evidence", `${view.request.said.id} · ${mark(evidence)}`)].filter(Boolean));
}

// What people do by hand: left to do until somebody has signed that it is done, or why it will not be.
function stepByHand({ number, step, outcome, by, reason, asked }, id) {
  if (asked && !outcome) return term("To be asked for", `${number}. ${step} strongroom restore after ${id} ${asked}`);
  const said = outcome ? ` (${by}${reason ? `, because: ${reason}` : ""})` : "";
  return term(outcome === "done" ? "Done by hand" : outcome ? "Dismissed" : "Left to do", `${number}. ${step}${said}`);
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
