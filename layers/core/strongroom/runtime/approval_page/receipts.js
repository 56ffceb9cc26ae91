// The receipt: the log of the audit account shows that it has what was signed, or whoever signed is told that it has not.

const RECEIPT_WITHIN = 60_000;
const RECEIPT_PAUSES = [1_000, 2_000, 4_000, 8_000];
const UNRECORDED = "Not recorded: the log of the audit account does not show what you signed. Call security now, and tell the others who decide.";

// What the evidence has under that SHA-256, once the log shows it; null where it does not within a minute.
async function receiptOf(digest, { place, view }) {
  const ends = performance.now() + RECEIPT_WITHIN;
  for (let round = 0; performance.now() < ends; round += 1) {
    const told = await post(`${place.page}/receipt`, { view: place.token, proof: digest }).catch(unlessRefused);
    if (told?.logged) return { statement: told.statement, seen: await seenInLog(told.logged, { object: objectOf(place, digest), digest, keys: view.told.log }) };
    await new Promise((done) => setTimeout(done, RECEIPT_PAUSES[Math.min(round, RECEIPT_PAUSES.length - 1)]));
  }
  return null;
}

// Nobody to be asked at the moment: it is asked again.
function unlessRefused(error) {
  if (error instanceof Refusal && (error.status === 0 || error.status === 429 || error.status >= 500)) return null;
  throw error;
}

// The page names the object itself: a proof of another one is none.
function objectOf(place, digest) {
  return `evidence/${place.id}/proofs/${digest}.json`;
}

async function showReceipt(digest, { place, view, statement }) {
  showReceiptText("", "Looking for it in the log of the audit account …");
  let receipt;
  try {
    if (view.told.log === null) throw new Error("this page was told of no log");
    receipt = await receiptOf(digest, { place, view });
  } catch (error) {
    const isOld = error.name === "NotSupportedError";
    showReceiptText("bad", isOld ? "This browser cannot check the log: it does not know Ed25519. Look with another one, or by `strongroom restore show`." : `${UNRECORDED} (${visible(error.message)})`);
    return null;
  }
  if (receipt === null || (statement && receipt.statement !== statement)) {
    showReceiptText("bad", UNRECORDED);
    return null;
  }
  showReceiptText("good", `Recorded: the log of the audit account has it, seen by its witness on ${clock(receipt.seen)}.`);
  return receipt;
}

function showReceiptText(kind, text) {
  put("receipt", text);
  at("receipt").className = `receipt ${kind}`.trim();
  at("receipt").hidden = false;
}
