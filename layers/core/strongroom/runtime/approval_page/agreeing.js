// The page on which a governor signs that rules may become looser. It asks nobody, and keeps nothing: the statement
// stands behind the address's `#`, which no browser sends, and what was signed is shown to be copied.

const CHANGE = "strongroom-policy-change/1";
const PARTS = ["after", "before", "expires_at", "format", "issued_at", "nonce"];

// What the command asks to be signed; an Error says why it is nothing that this page signs.
function asked() {
  const sent = readCanonical(sentText());
  const statement = recordOf(sent.statement, { format: CHANGE, parts: PARTS, what: "statement about rules" });
  if (!(Date.parse(statement.expires_at) > Date.now())) throw new Error("it has run out");
  return { ids: sent.passkeys, text: sent.statement, ...statement };
}

function begin() {
  let change;
  try {
    change = asked();
  } catch (error) {
    refuse(`Run \`strongroom rules sign\` again: ${error.message}.`);
    return;
  }
  at("before").textContent = mark(change.before);
  at("after").textContent = mark(change.after);
  at("until").textContent = clock(change.expires_at);
  letSign(change);
}

begin();
