// The page on which somebody states that a step by hand is done, or why it will not be, and signs it.

const STEP_KEYS = "format,issued_at,nonce,outcome,policy,request,request_digest,step";
const OUTCOMES = ["done", "dismissed"];

const at = (id) => document.getElementById(id);
const [base, rest = ""] = location.pathname.split("/checklists/");
const id = decodeURIComponent(rest.replace(/\/$/, ""));
const view = new URLSearchParams(location.search).get("view") ?? "";
let request = null;
let rpId = "";

async function look() {
  const told = await post(`${base}/approvals/${encodeURIComponent(id)}/request`, { view });
  request = await readRequest(told.text, { id });
  rpId = told.rp_id;
  show(told.checklist);
  showAsking(told);
}

// What is asked for by itself, and the people who may ask by the rules in the signed request.
function showAsking({ checklist, names }) {
  const { groups, requesters } = readCanonical(request.said.policy);
  const askers = Array.isArray(groups[requesters]) ? groups[requesters] : [];
  const open = checklist.filter(({ asked, outcome }) => asked && !outcome);
  at("asked").replaceChildren(...open.map(({ asked, step }) => new Option(visible(step), asked)));
  at("asker").replaceChildren(...askers.map((subject) => new Option(visible(names[subject] ?? subject), subject)));
  at("asking").hidden = open.length === 0 || askers.length === 0;
}

async function ask() {
  const reason = at("why").value.trim();
  if (!reason) throw new Error("Say why, for those who approve. Nothing was asked for.");
  const wish = { step: at("asked").value, reason, view, requester: at("asker").value };
  const { page } = await post(`${base}/restores/${encodeURIComponent(id)}/after`, wish);
  const there = new URL(page, location.href);
  const isOurs = there.origin === location.origin && there.pathname.startsWith(`${base}/approvals/`);
  if (!isOurs) throw new Error("The control plane leads to another place than this one. Sign nothing, and tell security.");
  location.assign(there);
}

// Only what stands in the signed request can be chosen, whatever the control plane calls a step.
function show(checklist) {
  const { said } = request;
  const signed = new Set(said.steps ?? []);
  const left = checklist.filter(({ outcome, step }) => !outcome && signed.has(step));
  at("sentence").textContent = `${visible(nameOf(said.resource))} becomes ${visible(said.target_name)} in account ${visible(said.account)}.`;
  at("stated").replaceChildren(...checklist.filter(({ outcome }) => outcome).map(stated));
  at("step").replaceChildren(...left.map(({ number, step }) => new Option(`${number}. ${visible(step)}`, step)));
  at("mark").textContent = mark(request.digest);
  at("device").textContent = `Your device will show the site's name only, ${rpId}: what you sign is what stands here.`;
  const whyNot = whyNoPasskey(rpId) || (keys().length ? "" : "The rules of this request name nobody who states a step with a passkey.");
  for (const outcome of OUTCOMES) at(outcome).disabled = whyNot !== "" || left.length === 0;
  if (whyNot) tell("bad", "Nothing can be signed here", whyNot);
  else if (left.length === 0) tell("good", "Nothing is left to do here", "Each step that is there by now was stated.");
}

function stated({ step, outcome, by, reason }) {
  const made = document.createElement("li");
  made.textContent = visible(`${outcome} by ${by}${reason ? `, because: ${reason}` : ""}: ${step}`);
  return made;
}

// The passkeys of those who may ask for the restore or have a seat in its rules.
function keys() {
  const { groups, people, requesters, rules } = readCanonical(request.said.policy);
  const members = [requesters, ...rules.map(({ group }) => group)].map((group) => groups[group]);
  const subjects = new Set(members.flatMap((listed) => (Array.isArray(listed) ? listed : [])));
  return [...subjects].flatMap((subject) => (people[subject]?.passkeys ?? []).map((passkey) => passkey.id));
}

async function state(outcome) {
  const step = at("step").value;
  const reason = outcome === "dismissed" ? at("reason").value.trim() : "";
  if (outcome === "dismissed" && !reason) throw new Error("Say why it will not be done. Nothing was signed.");
  const place = `${base}/restores/${encodeURIComponent(id)}`;
  const proposed = await post(`${place}/statements`, { decision: outcome, step, view, ...(reason && { reason }) });
  if (proposed.text !== request.text) throw new Error("The control plane now tells something else than what this page showed. Sign nothing, and tell security.");
  checkStep(proposed.statement, { outcome, step, ...(reason && { reason }) });
  const passkey = await signed(await sha256(proposed.statement), { rpId, ids: keys() });
  const taken = await post(`${place}/proofs`, { statement: proposed.statement, passkey });
  if (taken.state !== "counted") return tell("bad", "It does not count", sentence(visible(taken.reason ?? "")));
  await look();
  return tell("good", "It is stated", `You signed that it is ${outcome}: ${step}`);
}

// Throws unless the statement says this of this very step, request and rules, and nothing else.
function checkStep(text, said) {
  if (/[^\x20-\x7e]/.test(text)) throw new Error("The statement is not plain ASCII. Nothing was signed.");
  const found = readCanonical(text);
  const wanted = { ...said, format: "strongroom-stated/1", policy: request.policyDigest, request: id, request_digest: request.digest };
  const isSame = Object.entries(wanted).every(([name, value]) => found[name] === value);
  const keys = said.reason ? STEP_KEYS.replace(",request,", ",reason,request,") : STEP_KEYS;
  if (!isSame || Object.keys(found).sort().join(",") !== keys) {
    throw new Error("The statement to be signed is not what this page shows. Nothing was signed. Tell security.");
  }
}

pressed(at("ask"), ask);
OUTCOMES.forEach((outcome) => pressed(at(outcome), () => state(outcome)));
look().catch((error) => tell("bad", "The request cannot be shown", error.message));
