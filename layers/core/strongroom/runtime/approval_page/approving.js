// The page on which a person sees what is asked for, and signs it.

// A statement is good for five minutes; the last one of them belongs to whoever is signing.
const FRESH_FOR = 4 * 60_000;
const LOOK_FIRST = 15_000;
const LOOK_LAST = 60_000;
const SIGNED = /^#signed=([0-9a-f]{64})$/;
const CHANGED = "The control plane now tells something else than what this page showed. Sign nothing, and tell security.";

const place = whereThisIs();
const statements = new Map();
let view = null;
let isBusy = false;
let pause = LOOK_FIRST;
let standingSeen = "";

function whereThisIs() {
  const [base, rest = ""] = location.pathname.split("/approvals/");
  const id = decodeURIComponent(rest.replace(/\/$/, ""));
  const at = encodeURIComponent(id);
  return { id, logins: `${base}/logins`, page: `${base}/approvals/${at}`, restore: `${base}/restores/${at}`, token: new URLSearchParams(location.search).get("view") ?? "" };
}

async function look() {
  const told = await post(`${place.page}/request`, { view: place.token });
  const request = await read(told.text);
  if (view && view.request.digest !== request.digest) throw new Error(CHANGED);
  view = { told, request, readAt: performance.now() };
  const standing = JSON.stringify([told.state, told.standing, told.gates]);
  pause = standing === standingSeen ? Math.min(pause * 1.5, LOOK_LAST) : LOOK_FIRST;
  standingSeen = standing;
  show(view, { decide, signIn, whyNot: whyNoPasskey(told.rp_id) });
}

async function read(text) {
  try {
    return await readRequest(text, { id: place.id });
  } catch (error) {
    throw new Error(`This is not a request that can be signed: ${error.message}.`);
  }
}

// Statements are fetched before anybody presses a button, because some browsers sign only right after a click.
async function prepare() {
  const wanted = view ? [...document.querySelectorAll("#buttons button")].map((button) => button.dataset.decision) : [];
  await Promise.allSettled(wanted.filter((decision) => !fresh(decision) && hasNumber(decision)).map(fetchStatement));
}

// The number that stands in chat beside the link, which an approval takes that comes from there; empty until it is typed.
function number() {
  const typed = document.querySelector("#number").value.trim();
  return /^[0-9]{2}$/.test(typed) ? typed : "";
}

function takesNumber(decision) {
  return decision === "approve" && view.told.asks_number;
}

function hasNumber(decision) {
  return !takesNumber(decision) || number() !== "";
}

function demandNumber(decision) {
  if (hasNumber(decision)) return;
  document.querySelector("#number").focus();
  throw new Error("Type the two digits that stand beside the link in chat.");
}

// Asked for once the number is whole, so that a wrong one is told at once, and costs one try.
async function numberTyped() {
  statements.delete("approve");
  document.querySelector("#number-note").textContent = "";
  if (!number()) return;
  try {
    await fetchStatement("approve");
    document.querySelector("#number-note").textContent = "It is the number.";
  } catch (error) {
    document.querySelector("#number").value = "";
    document.querySelector("#number-note").textContent = visible(error.message);
  }
}

function fresh(decision) {
  const kept = statements.get(decision);
  return kept && performance.now() - kept.at < FRESH_FOR ? kept : null;
}

async function fetchStatement(decision) {
  const at = performance.now();
  const numbered = takesNumber(decision) ? { number: number() } : {};
  const told = await post(`${place.restore}/statements`, { decision, view: place.token, ...numbered });
  if (told.text !== view.request.text) throw new Error(CHANGED);
  const kept = { text: told.statement, challenge: await sha256(told.statement), at };
  statements.set(decision, kept);
  return kept;
}

async function decide(decision, ids) {
  if (isBusy) return;
  busy(true);
  let isSent = false;
  let receipt = null;
  try {
    demandNumber(decision);
    const { text: statement, challenge } = fresh(decision) ?? (await fetchStatement(decision));
    check(statement, decision);
    const passkey = await signed(challenge, { rpId: view.told.rp_id, ids });
    statements.delete(decision);
    isSent = true;
    const way = decision === "request" ? "opening" : "proofs";
    const answer = await post(`${place.restore}/${way}`, { statement, passkey });
    tell(decision, answer, passkey.credential);
    // Its name is worked out here: what the control plane calls it may be something else.
    if (way === "proofs" && answer.state !== "refused") receipt = { digest: hex(await sha256(canonicalText({ statement, passkey }))), statement };
  } catch (error) {
    tellFault(error, { isSent });
  } finally {
    busy(false);
  }
  if (receipt) showReceipt(receipt.digest, { place, view, statement: receipt.statement });
  await lookAgain();
}

async function signIn(decision) {
  if (isBusy) return;
  busy(true);
  try {
    demandNumber(decision);
    location.assign(await beginLogin(decision, { place, view, number: takesNumber(decision) ? number() : "" }));
  } catch (error) {
    tellFault(error, { isSent: false });
    busy(false);
  }
}

// Back from a login: what it signed is looked for in the log, and told as it lies there.
async function tellLogin() {
  const [, digest] = SIGNED.exec(location.hash) ?? [];
  if (!digest) return;
  history.replaceState(null, "", location.pathname + location.search);
  const statement = statementOfLogin(place);
  showOutcome("good", statement ? "What you decided was taken" : "Something was signed by a login", "Where the request stands is told above.");
  const receipt = await showReceipt(digest, { place, view, statement });
  if (receipt) check(receipt.statement, readCanonical(receipt.statement).decision);
}

function check(statement, decision) {
  try {
    checkStatement(statement, { request: view.request, decision });
  } catch (error) {
    throw new Error(`The statement to be signed is not what this page shows: ${error.message}. Nothing was signed. Tell security.`);
  }
}

function tell(decision, answer, credential) {
  if (answer.state === "refused") {
    showOutcome("bad", "It does not count", sentence(visible(answer.reason ?? "")));
    return;
  }
  const who = view.told.credentials.find(({ ids }) => ids.includes(credential));
  const name = who ? `${visible(who.name)}, your` : "Your";
  const isPending = answer.standing === "pending";
  const missing = answer.missing?.length ? `Still needed: ${seats(answer.missing)}.` : "Nobody else is needed.";
  const waits = isPending && !answer.missing?.length ? ` ${sentence(visible(answer.reason ?? ""))}` : "";
  const words = {
    request: ["The request is sent", "Those who decide are told now."],
    approve: [`${name} approval counts`, `${missing}${waits}`],
    deny: [`${name} refusal counts`, "Nothing is restored, and one refusal is enough."],
    cancel: [`${name} request is taken back`, "Nothing is restored."],
  };
  showOutcome("good", ...words[decision]);
}

function tellFault(error, { isSent }) {
  const isRefused = error instanceof Refusal && error.status !== 0 && error.status < 500;
  const device = whyNotSigned(error);
  if (device) showOutcome("bad", "Nothing was signed", `${device} Nothing was sent; you can try again.`);
  else if (!isSent) showOutcome("bad", "Nothing was signed", visible(error.message));
  else if (isRefused) showOutcome("bad", "It does not count", visible(error.message));
  else showOutcome("bad", "It is not known whether it counts", `${visible(error.message)} Look at what stands here before you repeat it.`);
}

function busy(isNow) {
  isBusy = isNow;
  document.querySelector("#buttons").setAttribute("aria-busy", String(isNow));
  for (const button of document.querySelectorAll("#buttons button, #logins button")) button.disabled = isNow;
}

async function lookAgain() {
  try {
    await look();
  } catch (error) {
    if (!(error instanceof Refusal)) showMessage("Stop", error.message);
  }
}

async function open() {
  try {
    await look();
    await Promise.all([prepare(), tellLogin()]);
  } catch (error) {
    const titles = { 403: "This link does not open the request", 404: "There is no such request" };
    const canRetry = error instanceof Refusal && (error.status === 0 || error.status >= 500);
    const title = error instanceof Refusal ? (titles[error.status] ?? "The request cannot be shown") : "Stop";
    showMessage(title, error.message, canRetry ? open : null);
  }
}

// Time is the server's to judge, so the page looks again; statements are renewed for somebody who is there.
async function keepLooking() {
  if (view && !isBusy && document.visibilityState === "visible") await lookAgain();
}

async function lookOn() {
  await keepLooking();
  setTimeout(lookOn, pause);
}

async function comeBack() {
  pause = LOOK_FIRST;
  await keepLooking();
  if (!isBusy) await prepare();
}

setInterval(() => view && tick(view, { ended: keepLooking }), 1000);
setTimeout(lookOn, pause);
document.addEventListener("visibilitychange", comeBack);
window.addEventListener("focus", comeBack);
document.querySelector("#buttons").addEventListener("pointerenter", () => !isBusy && prepare());
document.querySelector("#buttons").addEventListener("focusin", () => !isBusy && prepare());
document.querySelector("#number").addEventListener("input", numberTyped);
open();
