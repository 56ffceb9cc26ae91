// Canonical JSON as `strongroom.domain.canonical` writes and reads it, and the hash over it.

const DEEPEST = 100;

function canonicalText(content, depth = 0) {
  if (depth > DEEPEST) throw new Error("it is nested too deeply");
  if (content === null || typeof content === "boolean") return String(content);
  if (typeof content === "string") return quoted(content);
  if (typeof content === "number") return integer(content);
  if (Array.isArray(content)) return `[${content.map((each) => canonicalText(each, depth + 1)).join(",")}]`;
  const names = Object.keys(content).sort();
  return `{${names.map((name) => `${key(name)}:${canonicalText(content[name], depth + 1)}`).join(",")}}`;
}

// A key said twice is gone from the content, so that the text differs, too.
function readCanonical(text) {
  let content;
  try {
    content = JSON.parse(text);
  } catch {
    throw new Error("it is no JSON");
  }
  if (canonicalText(content) !== text) throw new Error("it is not in its one canonical form");
  return content;
}

async function sha256(text) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

async function sha256Bytes(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function base64url(bytes) {
  const letters = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64url(text) {
  if (!/^[A-Za-z0-9_-]+$/.test(text)) throw new Error("it is not base64url");
  const letters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}

function quoted(text) {
  if (/\p{Surrogate}/u.test(text)) throw new Error("it holds half of a character");
  return JSON.stringify(text.normalize("NFC"));
}

function integer(number) {
  if (!Number.isSafeInteger(number)) throw new Error("it holds a number that is no integer below 2^53");
  return String(number);
}

function key(name) {
  if (/[^\x00-\x7f]/.test(name)) throw new Error("a key is not ASCII");
  return JSON.stringify(name);
}
