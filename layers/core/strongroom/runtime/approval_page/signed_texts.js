// What people sign, read on this device: nothing that a server says beside the text decides what is shown or signed.

const TEXTS = ["account", "id", "plan", "reason", "recovery_point", "requester", "role", "target_name", "policy"];
const STATEMENT_KEYS = "decision,expires_at,format,issued_at,nonce,policy,request,request_digest";
const NONCE_BYTES = 16;

// The request of a canonical text, with the digests that a statement about it must name.
async function readRequest(text, { id }) {
  const said = readCanonical(text);
  for (const name of TEXTS) demandText(said[name], name);
  if (said.id !== id) throw new Error("it is another request than the one in the address");
  const metadata = record(said.metadata, "metadata");
  const original = said.original === undefined ? null : record(said.original, "original");
  for (const [name, value] of Object.entries(metadata)) demandText(value, name);
  for (const [name, value] of Object.entries(original ?? {})) if (value !== "") demandText(value, name);
  return {
    said,
    text,
    metadata,
    original,
    policy: readPolicy(said.policy),
    candidates: said.candidates === undefined ? null : readCandidates(said.candidates),
    risks: said.risks === undefined ? null : texts(said.risks, "risks"),
    riskSentences: said.risk_sentences === undefined ? [] : texts(said.risk_sentences, "risk_sentences"),
    isAfter: said.kind === "after",
    approveBefore: moment(said.approve_before, "approve_before"),
    actBefore: moment(said.act_before, "act_before"),
    digest: hex(await sha256(text)),
    policyDigest: hex(await sha256(said.policy)),
  };
}

// Throws unless the statement says this decision about this very request, its rules and its end, and nothing else.
function checkStatement(text, { request, decision }) {
  if (/[^\x20-\x7e]/.test(text)) throw new Error("it is not plain ASCII");
  const said = readCanonical(text);
  if (Object.keys(record(said, "the statement")).sort().join(",") !== STATEMENT_KEYS) throw new Error("it says more or less than it should");
  const wanted = {
    format: "strongroom-approval/1",
    decision,
    request: request.said.id,
    request_digest: request.digest,
    policy: request.policyDigest,
    expires_at: request.said.act_before,
  };
  for (const [name, value] of Object.entries(wanted)) {
    if (said[name] !== value) throw new Error(`its ${name} is not the one of this page`);
  }
  moment(said.issued_at, "issued_at");
  if (fromBase64url(said.nonce).length !== NONCE_BYTES) throw new Error("its nonce does not have 128 bits");
}

// Where metadata and original differ, both sides as texts, empty where a side says nothing; null where nobody told.
// What follows a restore sets one thing, which is held against nothing.
function differences(request) {
  if (request.original === null || request.isAfter) return null;
  const names = new Set([...Object.keys(request.metadata), ...Object.keys(request.original)]);
  return [...names]
    .sort()
    .map((name) => ({ name, before: request.original[name] ?? "", after: request.metadata[name] ?? "" }))
    .filter(({ before, after }) => before !== after);
}

// Whose approvals the rules name: subjects, the requester never among them.
function deciders(request) {
  const groups = request.policy.rules.map(({ group }) => request.policy.groups[group]);
  const members = groups.flatMap((members) => (Array.isArray(members) ? members : []));
  return [...new Set(members)].filter((subject) => subject !== request.said.requester);
}

// What there was to choose from: shown, and decided by nothing.
function readCandidates(content) {
  const { before, rows, more, unread } = record(content, "candidates");
  return { before: moment(before, "before"), rows: list(rows, "rows").map(readRow), more: natural(more, "more"), unread: list(unread, "unread").map(readUnread) };
}

function readRow(content) {
  const { ways, scan, instant, minutes_lost, verified, scanned_at, marks = [], why_not = "" } = record(content, "a row");
  demandText(scan, "scan");
  if (typeof why_not !== "string") throw new Error("why_not is no text");
  if (list(ways, "ways").length === 0) throw new Error("a row has no way");
  if (minutes_lost !== undefined) natural(minutes_lost, "minutes_lost");
  if (![true, false, undefined].includes(verified)) throw new Error("verified is neither true nor false");
  const when = (text, name) => (text === undefined ? null : moment(text, name));
  return { ways: ways.map(readWay), scan, instant: when(instant, "instant"), minutes_lost, verified, scanned_at: when(scanned_at, "scanned_at"), marks: texts(marks, "marks"), why_not };
}

function readWay(content) {
  const way = record(content, "a way");
  for (const name of ["recovery_point", "vault", "plan", "storage"]) demandText(way[name], name);
  if (way.minutes !== undefined) natural(way.minutes, "minutes");
  return way;
}

function readUnread(content) {
  const { vault, reason } = record(content, "a list");
  demandText(vault, "vault");
  demandText(reason, "reason");
  return { vault, reason };
}

function moment(text, name) {
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text ?? "") ? Date.parse(text) : NaN;
  if (Number.isNaN(at)) throw new Error(`${name} is no moment`);
  return at;
}

function readPolicy(text) {
  const said = readCanonical(text);
  if (record(said, "policy").format !== "strongroom-policy/1") throw new Error("its rules are of an unknown format");
  if (!Array.isArray(said.rules)) throw new Error("its rules are no list");
  return { rules: said.rules.map((rule) => record(rule, "a rule")), groups: record(said.groups, "groups") };
}

function record(content, name) {
  if (content === null || typeof content !== "object" || Array.isArray(content)) throw new Error(`${name} is no record`);
  return content;
}

function texts(content, name) {
  for (const each of list(content, name)) demandText(each, name);
  return content;
}

function list(content, name) {
  if (!Array.isArray(content)) throw new Error(`${name} is no list`);
  return content;
}

function natural(content, name) {
  if (!Number.isSafeInteger(content) || content < 0) throw new Error(`${name} is no number`);
  return content;
}

function demandText(content, name) {
  if (typeof content !== "string" || content === "") throw new Error(`${name} is no text`);
}
