// What the log says of an object: C2SP tlog-proof over a tree of RFC 6962, under a checkpoint that log and witness sign.

const LOG_KIND = 1;
const WITNESS_KIND = 4;
const KEY_BYTES = 32;
const ID_BYTES = 4;
const TIME_BYTES = 8;
const HASH_BYTES = 32;

// When the witness saw the object in the log, in milliseconds. Throws unless the log and its witness both signed that,
// by the keys that this page was told.
async function seenInLog(proof, { object, digest, keys }) {
  const [head, body, signed, ...more] = proof.split("\n\n");
  if (signed === undefined || more.length || !signed.endsWith("\n")) throw new Error("it is no proof of a log");
  const [format, index, ...path] = head.split("\n");
  const [origin, size, root, ...rest] = body.split("\n");
  if (format !== "c2sp.org/tlog-proof@v1" || !index?.startsWith("index ")) throw new Error("its format is unknown");
  if (origin !== keys.origin || root === undefined || rest.length) throw new Error("it is of another log");
  const place = { index: count(index.slice("index ".length)), size: count(size) };
  const leaf = await hashOf([0], `strongroom-leaf/1\n${object}\n${digest}\n`);
  const found = await rootAbove(leaf, { ...place, path: path.map(hashed) });
  if (hex(found) !== hex(hashed(root))) throw new Error("it is about something else");
  const note = { text: `${body}\n`, lines: signed.slice(0, -1).split("\n").map(signatureLine) };
  await signedAt(note, await noteKey(keys.log, LOG_KIND));
  return signedAt(note, await noteKey(keys.witness, WITNESS_KIND));
}

// The way up from a leaf (RFC 9162, section 2.1.3.2).
async function rootAbove(leaf, { index, size, path }) {
  if (index >= size) throw new Error("its place lies outside of the log");
  let [node, place, last] = [leaf, index, size - 1];
  for (const beside of path) {
    if (last === 0) throw new Error("its way is longer than the tree is high");
    if (place % 2 === 1 || place === last) {
      node = await hashOf([1], beside, node);
      // The last node of a level that is alone there takes part again further up.
      while (place % 2 === 0 && place !== 0) [place, last] = [place / 2, Math.floor(last / 2)];
    } else {
      node = await hashOf([1], node, beside);
    }
    [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  }
  if (last !== 0) throw new Error("its way does not lead to the root");
  return node;
}

// The key of `name+hash+key` (C2SP signed-note).
async function noteKey(text, kind) {
  const [, name, id, encoded] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text) ?? [];
  if (!name) throw new Error("a key of the log is not written as it must be");
  const bytes = fromBase64(encoded);
  const isRight = bytes.length === KEY_BYTES + 1 && bytes[0] === kind;
  if (!isRight || hex((await hashOf(`${name}\n`, bytes)).slice(0, ID_BYTES)) !== id) throw new Error("a key of the log is not what it says");
  const key = await crypto.subtle.importKey("raw", bytes.slice(1), { name: "Ed25519" }, false, ["verify"]);
  return { name, id, kind, key };
}

function signatureLine(line) {
  const [, name, encoded] = /^\u2014 (\S+) (\S+)$/.exec(line) ?? [];
  if (!name) throw new Error("a line under it is no signature");
  const bytes = fromBase64(encoded);
  return { name, id: hex(bytes.slice(0, ID_BYTES)), signature: bytes.slice(ID_BYTES) };
}

// When the key signed the note, 0 where it does not say; throws where it did not.
async function signedAt(note, { name, id, kind, key }) {
  const line = note.lines.find((each) => each.name === name && each.id === id);
  if (!line) throw new Error(`${name} did not sign it`);
  const isTimed = kind === WITNESS_KIND;
  const second = isTimed ? Number(new DataView(line.signature.buffer).getBigUint64(0)) : 0;
  const text = isTimed ? `cosignature/v1\ntime ${second}\n${note.text}` : note.text;
  const signature = isTimed ? line.signature.slice(TIME_BYTES) : line.signature;
  if (!(await crypto.subtle.verify({ name: "Ed25519" }, key, signature, new TextEncoder().encode(text)))) throw new Error(`the signature of ${name} is not good`);
  return second * 1000;
}

function hashOf(...parts) {
  const bytes = parts.flatMap((part) => Array.from(typeof part === "string" ? new TextEncoder().encode(part) : part));
  return sha256Bytes(new Uint8Array(bytes));
}

function hashed(text) {
  const bytes = fromBase64(text);
  if (bytes.length !== HASH_BYTES) throw new Error("a hash in it is not of SHA-256");
  return bytes;
}

function count(text) {
  if (!/^(?:0|[1-9][0-9]{0,15})$/.test(text) || !Number.isSafeInteger(Number(text))) throw new Error("a number in it is none");
  return Number(text);
}

function fromBase64(text) {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) throw new Error("it is not base64");
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
