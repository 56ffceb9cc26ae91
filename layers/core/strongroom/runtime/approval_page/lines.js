// What is asked of somebody behind the address's `#`, which no browser sends, is signed here and shown as a line that they
// put where the terminal waits. Nobody is asked, and nothing is kept.

const at = (id) => document.getElementById(id);
const site = location.hostname;

function sentText() {
  return new TextDecoder().decode(fromBase64url(location.hash.slice(1)));
}

// The record of a canonical text with exactly these parts; an Error says what it is not.
function recordOf(text, { format, parts, what }) {
  const record = readCanonical(text);
  const names = Object.keys(record);
  if (record.format !== format || names.length !== parts.length || !parts.every((part) => part in record)) {
    throw new Error(`it is no ${what}`);
  }
  return record;
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

// The link asks for nothing that this page signs.
function refuse(why) {
  at("sign").disabled = true;
  tell("This link asks for nothing", why);
}

function letSign(asked) {
  const whyNot = whyNoPasskey(site);
  at("sign").disabled = whyNot !== "";
  if (whyNot) tell("No passkey signs here", whyNot);
  pressed(at("sign"), () => sign(asked));
  pressed(at("copy"), copy);
}
