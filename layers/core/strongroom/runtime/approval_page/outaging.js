// The page on which people account for a restore that they made while the control plane was away, or find it in order.
// What is signed is the digest of the report, which this page shows and hashes itself.

const STATEMENT = "strongroom-outage/1";
const REPORT = "strongroom-outage-report/1";
const STATEMENT_PARTS = ["format", "issued_at", "nonce", "part", "report"];
const REPORT_PARTS = ["account", "format", "incident", "job", "reason", "recovery_point", "region", "role", "user"];
const SHOWN = REPORT_PARTS.filter((part) => part !== "format");
const DONE = {
  made: "You sign that you made this restore together with somebody else, and that this is what was done and why.",
  reviewed: "You sign that you took no part in this restore, have looked at it, and find it in order.",
};

// What the command asks to be signed; an Error says why it is nothing that this page signs.
async function asked() {
  const sent = readCanonical(sentText());
  const statement = recordOf(sent.statement, { format: STATEMENT, parts: STATEMENT_PARTS, what: "statement about an outage" });
  const report = recordOf(sent.report, { format: REPORT, parts: REPORT_PARTS, what: "report of an outage" });
  if (hex(await sha256(sent.report)) !== statement.report) throw new Error("it is about another report");
  if (!Object.hasOwn(DONE, statement.part)) throw new Error("it says nothing that is known");
  return { ids: sent.passkeys, text: sent.statement, report, part: statement.part, digest: statement.report };
}

async function begin() {
  let outage;
  try {
    outage = await asked();
  } catch (error) {
    refuse(`Run \`strongroom evidence explain\` again: ${error.message}.`);
    return;
  }
  at("part").textContent = DONE[outage.part];
  at("mark").textContent = mark(outage.digest);
  for (const part of SHOWN) at(part).textContent = visible(outage.report[part]);
  letSign(outage);
}

begin();
