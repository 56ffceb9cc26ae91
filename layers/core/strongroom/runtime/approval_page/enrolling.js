// The page on which a person makes a passkey, and shows by signing with it that it is theirs. It keeps nothing.

const ALGORITHMS = { "-7": "ES256", "-8": "EdDSA", "-257": "RS256" };
const FLAGS_AT = 32;
const MAY_BE_SYNCED = 0x08;

const at = (id) => document.getElementById(id);
const asked = new URLSearchParams(location.search);
const person = { subject: asked.get("subject") ?? "", name: asked.get("name") ?? "", label: asked.get("label") ?? "" };
const site = location.hostname;
let passkey = null;

async function make() {
  const { id, response } = await made({ rpId: site, ...person });
  const publicKey = response.getPublicKey();
  const algorithm = ALGORITHMS[response.getPublicKeyAlgorithm()];
  if (!publicKey || !algorithm) throw new Error("The device made a key of a kind that is not taken here.");
  const flags = new Uint8Array(response.getAuthenticatorData())[FLAGS_AT];
  const statement = canonicalText({
    credential: id,
    format: "strongroom-enrolment/1",
    public_key_sha256: hex(await sha256Bytes(publicKey)),
    subject: person.subject,
  });
  passkey = { id, publicKey, algorithm, isSynced: (flags & MAY_BE_SYNCED) !== 0, challenge: await sha256(statement) };
  at("make").disabled = true;
  at("prove").disabled = false;
  at("prove").classList.add("first");
  at("prove").focus();
  tell("good", "The passkey is made", "Now sign with it, so that the reviewer sees that it is yours.");
}

async function prove() {
  const assertion = await signed(passkey.challenge, { rpId: site, ids: [passkey.id] });
  at("yaml").textContent = lines(assertion);
  at("prove").disabled = true;
  at("outcome").hidden = true;
  at("lines").hidden = false;
  at("lines-title").focus();
}

// A text in double quotes means the same in JSON and in YAML.
function lines({ authenticator_data: data, client_data: client, signature }) {
  const said = [
    ["id", JSON.stringify(passkey.id)],
    ["public_key", JSON.stringify(base64url(passkey.publicKey))],
    ["algorithm", passkey.algorithm],
    ["synced", String(passkey.isSynced)],
    ["label", JSON.stringify(person.label || `made on ${new Date().toISOString().slice(0, 10)}`)],
    ["proof", ""],
    ["  authenticator_data", JSON.stringify(data)],
    ["  client_data", JSON.stringify(client)],
    ["  signature", JSON.stringify(signature)],
  ];
  const written = said.map(([name, value], number) => `${number ? "    " : "  - "}${name}: ${value}`.trimEnd());
  return ["passkeys:", ...written].join("\n");
}

function pressed(button, act) {
  button.addEventListener("click", async () => {
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    try {
      await act();
    } catch (error) {
      tell("bad", "That did not work", whyNotSigned(error) || error.message);
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
}

function tell(kind, title, text) {
  at("outcome-title").textContent = title;
  at("outcome-text").textContent = visible(text);
  at("outcome").className = `outcome ${kind}`;
  at("outcome").hidden = false;
}

async function copy() {
  await navigator.clipboard.writeText(at("yaml").textContent);
  at("copied").textContent = "Copied.";
}

const whyNot = person.subject ? whyNoPasskey(site) : "This link names nobody. Run `strongroom passkey enrol` again.";
at("who").textContent = visible(person.name || person.subject);
at("subject").textContent = person.name ? visible(person.subject) : "";
at("site").textContent = site;
at("make").disabled = whyNot !== "";
if (whyNot) tell("bad", "No passkey can be made here", whyNot);
pressed(at("make"), make);
pressed(at("prove"), prove);
pressed(at("copy"), copy);
