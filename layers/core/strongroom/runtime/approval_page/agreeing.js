// The page on which a governor signs that rules may become looser. It asks nobody, and keeps nothing: the statement
// stands behind the address's `#`, which no browser sends, and what was signed is shown to be copied.

const CHANGE = "strongroom-policy-change/1";
const PARTS = ["after", "before", "expires_at", "format", "issued_at", "nonce"];

const at = (id) => document.getElementById(id);
const site = location.hostname;

// What the command asks to be signed; an Error says why it is nothing that this page signs.
function asked() {
  const sent = readCanonical(new TextDecoder().decode(fromBase64url(location.hash.slice(1))));
  const statement = readCanonical(sent.statement);
  const parts = Object.keys(statement);
  if (statement.format !== CHANGE || parts.length !== PARTS.length || !PARTS.every((part) => part in statement)) {
    throw new Error("it is no statement about rules");
  }
  if (!(Date.parse(statement.expires_at) > Date.now())) throw new Error("it has run out");
  return { ids: sent.passkeys, text: sent.statement, ...statement };
}

async function sign({ text, ids }) {
  at("line").textContent = JSON.stringify(await signed(await sha256(text), { rpId: site, ids }));
  at("sign").disabled = true;
  at("outcome").hidden = true;
  at("lines").hidden = false;
  at("lines-title").focus();
}

function pressed(button, act) {
  button.addEventListener("click", async () => {
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    try {
      await act();
    } catch (error) {
      tell("That did not work", whyNotSigned(error) || error.message);
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
}

function tell(title, text) {
  at("outcome-title").textContent = title;
  at("outcome-text").textContent = visible(text);
  at("outcome").className = "outcome bad";
  at("outcome").hidden = false;
}

async function copy() {
  await navigator.clipboard.writeText(at("line").textContent);
  at("copied").textContent = "Copied.";
}

function begin() {
  let change;
  try {
    change = asked();
  } catch (error) {
    at("sign").disabled = true;
    tell("This link asks for nothing", `Run \`strongroom rules sign\` again: ${error.message}.`);
    return;
  }
  at("before").textContent = mark(change.before);
  at("after").textContent = mark(change.after);
  at("until").textContent = clock(change.expires_at);
  const whyNot = whyNoPasskey(site);
  at("sign").disabled = whyNot !== "";
  if (whyNot) tell("No passkey signs here", whyNot);
  pressed(at("sign"), () => sign(change));
  pressed(at("copy"), copy);
}

begin();
