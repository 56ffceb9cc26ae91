// The page on which somebody who took no part in an urgent restore says what they found, and signs it.

const REVIEW_KEYS = "closed,finding,format,issued_at,nonce,policy,request,request_digest";
const FINDINGS = { "in-order": "in order", misuse: "misuse" };

const at = (id) => document.getElementById(id);
const [base, rest = ""] = location.pathname.split("/reviews/");
const id = decodeURIComponent(rest.replace(/\/$/, ""));
const view = new URLSearchParams(location.search).get("view") ?? "";
let request = null;
let rpId = "";

async function look() {
  const told = await post(`${base}/approvals/${encodeURIComponent(id)}/request`, { view });
  request = await readRequest(told.text, { id });
  rpId = told.rp_id;
  show(told);
}

function show(told) {
  const { said } = request;
  const name = (subject) => visible(told.names[subject] ?? subject);
  at("sentence").textContent = `${name(said.requester)} asked for it: ${visible(nameOf(said.resource))} became ${visible(said.target_name)} in account ${visible(said.account)}.`;
  at("quote").textContent = `“${visible(said.reason)}”`;
  const rows = [
    ["Incident", said.incident ?? ""],
    ["Asked by", name(said.requester)],
    ["Approved by", listed(told.standing.by.map(visible))],
    ["Ended as", `${told.standing.state}: ${told.standing.reason}`],
    ["Asked on", clock(Date.parse(said.requested_at))],
    ["Resource", said.resource],
    ["Recovery point", said.recovery_point],
    ["Into account", said.account],
  ];
  at("facts").replaceChildren(...rows.filter(([, value]) => value).map(row));
  at("mark").textContent = mark(request.digest);
  at("text").textContent = JSON.stringify({ ...said, policy: JSON.parse(said.policy) }, null, 2).replace(/[^\n]+/g, (line) => visible(line));
  at("device").textContent = `Your device will show the site's name only, ${rpId}: what you sign is what stands here.`;
  const whyNot = whyNoPasskey(rpId) || (keys().length ? "" : "The rules of this request name nobody who reviews it with a passkey.");
  for (const finding of Object.keys(FINDINGS)) at(finding).disabled = whyNot !== "";
  if (whyNot) tell("bad", "Nothing can be signed here", whyNot);
}

// The passkeys of those whom the request's own rules let review, the one who asked not among them.
function keys() {
  const { groups, people } = readCanonical(request.said.policy);
  const reviewers = Object.entries(groups).filter(([group]) => group.startsWith("review:")).flatMap(([, members]) => (Array.isArray(members) ? members : []));
  return reviewers.filter((subject) => subject !== request.said.requester).flatMap((subject) => (people[subject]?.passkeys ?? []).map((passkey) => passkey.id));
}

async function review(finding) {
  const place = `${base}/restores/${encodeURIComponent(id)}`;
  const proposed = await post(`${place}/statements`, { decision: finding, view });
  if (proposed.text !== request.text) throw new Error("The control plane now tells something else than what this page showed. Sign nothing, and tell security.");
  checkReview(proposed.statement, { finding, closed: proposed.closed });
  const passkey = await signed(await sha256(proposed.statement), { rpId, ids: keys() });
  const taken = await post(`${place}/proofs`, { statement: proposed.statement, passkey });
  if (taken.state === "counted") tell("good", "Your review counts", `You found it ${FINDINGS[finding]}. Another urgent restore may be asked for.`);
  else tell("bad", "It does not count", sentence(visible(taken.reason ?? "")));
}

// Throws unless the statement says this finding about this very request, its rules and its end, and nothing else.
function checkReview(text, { finding, closed }) {
  if (/[^\x20-\x7e]/.test(text)) throw new Error("The statement is not plain ASCII. Nothing was signed.");
  const said = readCanonical(text);
  const wanted = { closed, finding, format: "strongroom-breakglass/1", policy: request.policyDigest, request: id, request_digest: request.digest };
  const isSame = Object.entries(wanted).every(([name, value]) => said[name] === value);
  if (!isSame || Object.keys(said).sort().join(",") !== REVIEW_KEYS) {
    throw new Error("The statement to be signed is not what this page shows. Nothing was signed. Tell security.");
  }
}

function row([name, value]) {
  const made = document.createElement("div");
  const [title, text] = [document.createElement("dt"), document.createElement("dd")];
  title.textContent = name;
  text.textContent = visible(value);
  made.append(title, text);
  return made;
}

Object.keys(FINDINGS).forEach((finding) => pressed(at(finding), () => review(finding)));
look().catch((error) => tell("bad", "The request cannot be shown", error.message));
