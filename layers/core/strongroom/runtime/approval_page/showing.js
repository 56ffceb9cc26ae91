// What stands on the page. Everything goes in as text, never as markup, and only what changed is touched.

const HEADLINES = {
  draft: ["Your request is ready to be sent", ""],
  pending: ["A restore waits for your decision", ""],
  approved: ["Approved: the restore is about to begin", "good"],
  delayed: ["Approved: it waits, and can still be stopped", "good"],
  running: ["Approved: the restore is running", "good"],
  restored: ["Restored", "good"],
  faulty: ["Restored with faults", "bad"],
  denied: ["Refused", "bad"],
  cancelled: ["Taken back", "bad"],
  expired: ["The time for it is over", "bad"],
  withdrawn: ["Stopped: its ticket no longer allows it", "bad"],
  failed: ["The restore failed", "bad"],
};
const BUTTONS = {
  request: ["Sign and send", "first"],
  approve: ["Approve", "first"],
  deny: ["Deny", "refuse"],
  cancel: ["Take it back", ""],
};
const ENOUGH = ["approved", "delayed"];
const WAYS = { local: "out of the vault that it lies in", "copy-back": "copied back from a central vault first" };

function wayOf(said) {
  const owner = (said.vault ?? "").split(":")[4] ?? "";
  if (said.plan !== "local" || !owner || owner === said.account) return WAYS[said.plan] ?? said.plan;
  const how = said.approval_team ? "which its approval team opens to it" : "which is shared with it";
  return `out of the air-gapped vault of account ${owner}, ${how}`;
}

const at = (id) => document.getElementById(id);
let shownDigest = "";

function show(view, { decide, signIn, whyNot }) {
  at("loading").hidden = true;
  at("message").hidden = true;
  if (shownDigest !== view.request.digest) showRequest(view);
  shownDigest = view.request.digest;
  showStanding(view);
  showProgress(view);
  showButtons(view, { decide, whyNot });
  showNumber(view);
  showLogins(view, { isOffered: window.top === window.self, signIn });
  tick(view, { ended: () => {} });
  at("request").hidden = false;
}

// Instead of the request: one thing, and at most one way on.
function showMessage(title, text, retry = null) {
  at("loading").hidden = true;
  at("request").hidden = true;
  put("message-title", title);
  put("message-text", visible(text));
  at("message").className = retry ? "card" : "card bad";
  at("again").hidden = retry === null;
  at("again").onclick = retry;
  at("message").hidden = false;
  at("message-title").focus();
}

function showOutcome(kind, title, text) {
  put("outcome-title", title);
  put("outcome-text", text);
  at("outcome").className = `outcome ${kind}`;
  at("receipt").hidden = true;
  at("outcome").hidden = false;
  at("outcome-title").focus();
}

// The control plane's clock counts; this device only measures how much time has passed since it was read.
function tick(view, { ended }) {
  const until = deadline(view);
  if (until === null) return;
  const left = until - now(view);
  put("left", left > 0 ? `${span(left)} left` : "over");
  if (left <= 0 && !at("buttons").hidden && at("buttons").dataset.until !== String(until)) {
    at("buttons").dataset.until = String(until);
    ended();
  }
}

function possible(view) {
  const { state, standing } = view.told;
  const isBefore = (moment) => now(view) < moment;
  if (state === "draft") return isBefore(view.request.approveBefore) ? ["request"] : [];
  if (state !== "open" || !isBefore(view.request.actBefore)) return [];
  if (ENOUGH.includes(standing.state)) return ["deny", "cancel"];
  if (standing.state !== "pending") return [];
  return isBefore(view.request.approveBefore) ? ["approve", "deny", "cancel"] : ["deny", "cancel"];
}

function now(view) {
  return Date.parse(view.told.now) + performance.now() - view.readAt;
}

function deadline(view) {
  const { state, standing } = view.told;
  if (state === "closed" || standing.state === "running") return null;
  return ENOUGH.includes(standing.state) ? view.request.actBefore : view.request.approveBefore;
}

function showRequest(view) {
  const { request, told } = view;
  const { said } = request;
  const who = person(view, said.requester);
  const made = said.recovery_point_created_at ? `, out of the backup begun on ${clock(Date.parse(said.recovery_point_created_at))} (${age(view)} ago),` : "";
  const restored = `${visible(nameOf(said.resource ?? said.recovery_point))}${made} is to become ${visible(said.target_name)} in ${account(view)}`;
  put("sentence", `${who} asks: ${request.isAfter ? following(view) : restored}.`);
  put("quote", `“${visible(said.reason)}” · `);
  at("quote").append(ticket(view));
  showRisks(view);
  showSettings(request);
  showCandidates(request);
  fill("facts", facts(view));
  at("consequences").replaceChildren(...told.consequences.map((text) => item(text)));
  at("consequences").hidden = told.consequences.length === 0;
  const becomes = `${visible(nameOf(said.resource ?? said.recovery_point))} becomes ${visible(said.target_name)} in ${account(view)}`;
  put("agreement", `What you sign is about exactly this: ${request.isAfter ? following(view) : becomes}, with the settings above.`);
  put("mark", mark(request.digest));
  put("text", JSON.stringify({ ...said, policy: JSON.parse(said.policy) }, null, 2).replace(/[^\n]+/g, (line) => visible(line)));
}

// What follows a restore is a call on what that made, and restores nothing.
function following(view) {
  const { said } = view.request;
  return `${visible(said.call)} is to be made on ${visible(said.resource)} in ${account(view)}, which ${visible(said.of)} restored`;
}

function showStanding(view) {
  const { state, standing } = view.told;
  const [headline, kind] = HEADLINES[state === "draft" ? "draft" : standing.state] ?? ["This request is over", "bad"];
  put("headline", headline);
  at("headline").parentElement.className = `card lead ${kind}`.trim();
  document.title = `${headline} · Strongroom`;
  const until = deadline(view);
  put("time-name", until === null ? "" : `${ENOUGH.includes(standing.state) ? "To be carried out" : "Decide"} before ${clock(until)}:`);
  at("time").hidden = until === null;
  put("standing", standingText(view));
}

function standingText(view) {
  const { state, standing } = view.told;
  if (state === "draft") return "Nobody has been told yet. Your signature opens the request.";
  const by = standing.by.length ? ` Handled by ${listed(standing.by.map(visible))}.` : "";
  if (state === "closed") return `${visible(standing.reason)}${by} Nothing is left to decide.`;
  const approved = standing.approvals.length ? `Approved by ${listed(standing.approvals.map(visible))}. ` : "Nobody has approved it yet. ";
  if (standing.state !== "pending") return `${approved}${visible(standing.reason)}`;
  if (!standing.missing.length) return `${approved}${visible(standing.reason)}`;
  const others = deciders(view.request).map((subject) => person(view, subject)).filter((name) => !standing.approvals.includes(name));
  return `${approved}Still needed: ${seats(standing.missing)}${others.length ? ` (${others.join(", ")})` : ""}.`;
}

function showButtons(view, { decide, whyNot }) {
  const offers = whyNot ? [] : possible(view).map((decision) => [decision, keys(view, decision)]).filter(([, ids]) => ids.length);
  const wanted = offers.map(([decision]) => label(view, decision)).join(",");
  const isSame = at("buttons").dataset.shown === wanted;
  if (!isSame) {
    at("buttons").replaceChildren(...offers.map(([decision, ids]) => button(decision, label(view, decision), () => decide(decision, ids))));
    at("buttons").dataset.shown = wanted;
  }
  at("buttons").hidden = wanted === "";
  at("device").hidden = wanted === "";
  put("device", `Your device will show the site's name only, ${view.told.rp_id}: what you sign is what stands here.`);
  const otherWay = view.told.issuer ? "Sign in instead, or use" : "Use";
  const lacks = possible(view).length && !wanted ? `Nobody who may decide has a passkey here. ${otherWay} the command \`strongroom restore\`.` : "";
  put("why-not", whyNot && possible(view).length ? whyNot : lacks);
  at("why-not").hidden = at("why-not").textContent === "";
}

function showNumber(view) {
  at("number-row").hidden = !view.told.asks_number || !possible(view).includes("approve");
}

// The passkeys that may sign the decision: only the requester's send a request or take it back, and they do no more.
function keys(view, decision) {
  const isOwn = decision === "request" || decision === "cancel";
  return view.told.credentials
    .filter(({ subject }) => (subject === view.request.said.requester) === isOwn)
    .flatMap(({ ids }) => ids);
}

// The page does not know who looks at it, so what is for one person only says for whom.
function label(view, decision) {
  const isStop = decision === "deny" && ENOUGH.includes(view.told.standing.state);
  const text = isStop ? "Stop it" : BUTTONS[decision][0];
  return decision === "cancel" ? `${text}, as ${person(view, view.request.said.requester)}` : text;
}

function button(decision, text, pressed) {
  const [, kind] = BUTTONS[decision];
  const made = document.createElement("button");
  made.type = "button";
  made.className = `button ${kind}`.trim();
  made.dataset.decision = decision;
  made.textContent = text;
  made.addEventListener("click", pressed);
  return made;
}

// The sentences that are signed, each of them; what the control plane tells stands after them, never in their place.
function showRisks(view) {
  const { riskSentences } = view.request;
  const codes = view.request.risks ?? [];
  const told = [...riskSentences, ...view.told.risks.filter((text) => !riskSentences.includes(text))];
  const said = told.length < codes.length ? [...riskSentences, ...codes] : told;
  at("risk-list").replaceChildren(...said.map((text) => item(text)));
  at("risk-list").hidden = said.length === 0;
  at("risks").className = said.length ? "card bad" : "card";
  at("no-risks").hidden = said.length > 0;
  if (view.request.risks === null) put("no-risks", "The request does not tell which there are.");
}

function showSettings(request) {
  const changed = differences(request);
  const all = Object.entries(request.metadata).map(([name, value]) => ({ name, after: value }));
  const equal = changed === null ? [] : all.filter(({ name }) => !changed.some((each) => each.name === name));
  const count = (number) => (number === 1 ? "One setting differs" : `${number} settings differ`);
  const unknown = request.isAfter ? "What the call sets:" : "The request does not tell how the original was set up. What is restored gets:";
  put("settings-note", changed === null ? unknown : `${count(changed.length)} from the original.`);
  fill("changed", (changed ?? all).map(setting));
  fill("equal", equal.map(setting));
  at("equal-fold").hidden = equal.length === 0;
  put("equal-title", equal.length === 1 ? "One setting is as in the original" : `${equal.length} settings are as in the original`);
}

function setting({ name, before, after }) {
  const row = term(name, after === "" ? "not said any more" : after);
  row.lastElementChild.className = "after";
  if (before === undefined) return row;
  row.className = "changed";
  const was = document.createElement("dd");
  was.textContent = before === "" ? "was not said" : `was ${visible(before)}`;
  row.firstElementChild.after(was);
  row.lastElementChild.textContent = `will be ${row.lastElementChild.textContent}`;
  return row;
}

function facts(view) {
  const { said } = view.request;
  const when = (text) => (text ? clock(Date.parse(text)) : "");
  const rows = [
    ["Asked by", `${person(view, said.requester)}`, said.requester],
    ["Asked on", when(said.requested_at)],
    ["Incident", said.incident ?? ""],
    ["Into account", view.told.account_name || said.account, said.account],
    ["In Region", said.region],
    ["Tier", said.tier],
    ["Resource", nameOf(said.resource ?? ""), said.resource],
    ["Of type", said.resource_type],
    ["Backup begun on", said.recovery_point_created_at ? `${when(said.recovery_point_created_at)}, ${age(view)} ago` : ""],
    ["Recovery point", nameOf(said.recovery_point), said.recovery_point],
    ["Out of", said.vault ? nameOf(said.vault) : "", said.vault],
    ["Way", wayOf(said)],
    ["Opened by the team", said.approval_team ? nameOf(said.approval_team) : "", said.approval_team],
    ["Becomes", said.target_name],
    ["Encrypted with", said.key],
    ["Role", nameOf(said.role), said.role],
    ["Decide before", when(said.approve_before)],
    ["Carried out before", when(said.act_before)],
  ];
  return rows.filter(([, value]) => value).map(([name, value, id]) => term(name, value, id === value ? "" : id));
}

function age(view) {
  return span(now(view) - Date.parse(view.request.said.recovery_point_created_at));
}

function account(view) {
  const { account_name: name } = view.told;
  return name ? `${visible(name)} (${view.request.said.account})` : `account ${view.request.said.account}`;
}

function person(view, subject) {
  return visible(view.told.names[subject] ?? subject);
}

function ticket(view) {
  const key = view.request.said.ticket;
  if (!key) return view.request.said.incident ? `urgent, without a ticket: incident ${visible(view.request.said.incident)}` : "no ticket";
  if (!/^https?:\/\//.test(view.told.ticket_url ?? "")) return `ticket ${visible(key)}`;
  const link = document.createElement("a");
  link.href = view.told.ticket_url;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  link.textContent = `ticket ${visible(key)}`;
  return link;
}

function term(name, value, id = "") {
  const row = document.createElement("div");
  const [title, text] = [document.createElement("dt"), document.createElement("dd")];
  title.textContent = visible(name);
  text.textContent = visible(value);
  if (id) {
    const exact = document.createElement("div");
    exact.className = "id";
    exact.textContent = visible(id);
    text.append(exact);
  }
  row.append(title, text);
  return row;
}

function item(text) {
  const made = document.createElement("li");
  made.textContent = visible(text);
  return made;
}

function fill(id, rows) {
  at(id).replaceChildren(...rows);
  at(id).hidden = rows.length === 0;
}

function put(id, text) {
  if (at(id).textContent !== text) at(id).textContent = text;
}
