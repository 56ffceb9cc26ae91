// Signing by a fresh login, for those who have no passkey at hand: the identity provider's token commits to the statement.

const COMMITMENT = "strongroom-oidc/1\n";

// Where the login is made. Nothing is signed by going there: the way back leads past one more question.
async function beginLogin(decision, { place, view, number }) {
  const asked = { request: place.id, decision, view: place.token, ...(number ? { number } : {}) };
  const told = await post(place.logins, asked, { credentials: "same-origin" });
  if (told.text !== view.request.text) throw new Error(CHANGED);
  check(told.statement, decision);
  await checkLogin(told.address, { statement: told.statement, issuer: view.told.issuer });
  sessionStorage.setItem(place.id, told.statement);
  return told.address;
}

// Throws unless the address is the identity provider's own, and what it signs there is this very statement.
async function checkLogin(address, { statement, issuer }) {
  const login = new URL(address);
  const nonces = login.searchParams.getAll("nonce");
  if (login.origin !== new URL(issuer).origin) throw new Error(`The login would lead to ${login.hostname} and not to the identity provider. Nothing was signed. Tell security.`);
  if (nonces.length !== 1 || nonces[0] !== base64url(await sha256(COMMITMENT + statement))) throw new Error("The login would sign something else than this page shows. Nothing was signed. Tell security.");
}

// What this tab sent somebody away to sign; empty where it did not.
function statementOfLogin(place) {
  return sessionStorage.getItem(place.id) ?? "";
}

function showLogins(view, { isOffered, signIn }) {
  const decisions = isOffered && view.told.issuer ? possible(view).filter((decision) => decision !== "request") : [];
  const wanted = decisions.join(",");
  if (at("logins").dataset.shown !== wanted) {
    at("logins").replaceChildren(...decisions.map((decision) => loginButton(view, decision, signIn)));
    at("logins").dataset.shown = wanted;
  }
  at("login-fold").hidden = wanted === "";
  if (at("buttons").hidden) at("login-fold").open = true;
}

function loginButton(view, decision, signIn) {
  const made = button(decision, `Sign in to ${label(view, decision).replace(/^./, (letter) => letter.toLowerCase())}`, () => signIn(decision));
  delete made.dataset.decision;
  made.dataset.login = decision;
  return made;
}
