// Reading what somebody else wrote: JSON that says everything once, bytes in one spelling, moments in one form.

/** The content is not written as its format has it; whoever reads says what that means. */
class Malformed extends Error {}

/** This is no evidence that could be judged: exit code 2. */
class Unreadable extends Error {}

/** A link does not hold: exit code 1. */
class Broken extends Error {
  constructor(link, reason) {
    super(`${link}: ${reason}`);
  }
}

// Nothing of ours is deeper, longer or larger: a page that hangs tells nobody anything.
const MOST_DEEP = 100;
const MOST_BYTES = 8 * 2 ** 20;
const MOST_ENTRIES = 10_000;
const MOST_SECONDS = 1_000_000_000;
const STRING = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const WORD = /true|false|null/y;
const BLANK = /[ \t\n\r]*/y;
const WORDS = { true: true, false: false, null: null };

/** A reader of JSON that, unlike JSON.parse, refuses a key said twice: two readers would believe different things. */
class JsonReader {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  document() {
    const content = this.value(0);
    if (this.at !== this.text.length) throw new Malformed('something follows the end of the JSON');
    return content;
  }

  value(depth) {
    this.take(BLANK);
    const content = this.plain(depth);
    this.take(BLANK);
    return content;
  }

  plain(depth) {
    if ('[{'.includes(this.text[this.at]) && depth >= MOST_DEEP) throw new Malformed('it is nested too deeply');
    if (this.skip('{')) return this.record(depth);
    if (this.skip('[')) return this.list(depth);
    if (this.text[this.at] === '"') return this.string();
    const word = this.take(WORD);
    return word ? WORDS[word] : this.integer();
  }

  record(depth) {
    // Without a prototype, so that "__proto__" and "constructor" are keys like others.
    const record = Object.create(null);
    this.take(BLANK);
    for (let more = !this.skip('}'); more; more = !this.end('}')) {
      this.take(BLANK);
      const key = this.string();
      this.take(BLANK);
      if (key in record) throw new Malformed(`it says the key ${key.slice(0, 40)} twice`);
      if (!this.skip(':')) throw new Malformed('a key has no value');
      record[key] = this.value(depth + 1);
    }
    return record;
  }

  list(depth) {
    const list = [];
    this.take(BLANK);
    for (let more = !this.skip(']'); more; more = !this.end(']')) list.push(this.value(depth + 1));
    return list;
  }

  end(bracket) {
    if (this.skip(bracket)) return true;
    if (this.skip(',')) return false;
    throw new Malformed('a list or a record does not end');
  }

  string() {
    const literal = this.take(STRING);
    if (!literal) throw new Malformed('a text is expected');
    const text = JSON.parse(literal);
    if (/\p{Surrogate}/u.test(text)) throw new Malformed('a text holds half of a character');
    return text;
  }

  /** The integer, or NaN for a number that two languages may write differently. */
  integer() {
    const literal = this.take(NUMBER);
    if (!literal) throw new Malformed('this is no JSON');
    const number = Number(literal);
    return String(number) === literal && Number.isSafeInteger(number) ? number : NaN;
  }

  take(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  skip(character) {
    const isThere = this.text[this.at] === character;
    if (isThere) this.at += 1;
    return isThere;
  }
}

/** The content of JSON that says every key once. */
const readJson = (text) => new JsonReader(text).document();

/** Sorted keys and no blanks, as Python writes it with `sort_keys` and `ensure_ascii=False`. */
function canonicalText(content) {
  if (Array.isArray(content)) return `[${content.map(canonicalText).join(',')}]`;
  if (!isRecord(content)) return JSON.stringify(content);
  const members = Object.keys(content).sort().map((key) => `${JSON.stringify(key)}:${canonicalText(content[key])}`);
  return `{${members.join(',')}}`;
}

/** The content of canonical JSON; any other spelling of it is refused, so that a hash stands for a content. */
function readCanonical(text) {
  const content = readJson(text);
  refuseAmbiguous(content);
  if (canonicalText(content) !== text) throw new Malformed('the text is not the canonical form of what it says');
  return content;
}

function refuseAmbiguous(content) {
  if (Number.isNaN(content)) throw new Malformed('a number is no integer below 2^53');
  if (typeof content === 'string' && content.normalize('NFC') !== content) throw new Malformed('a text is not NFC');
  if (Array.isArray(content)) content.forEach(refuseAmbiguous);
  if (!isRecord(content)) return;
  for (const [key, value] of Object.entries(content)) {
    if (!isAscii(key)) throw new Malformed('a key is not ASCII');
    refuseAmbiguous(value);
  }
}

const isAscii = (text) => /^[\u0000-\u007f]*$/.test(text);
const isRecord = (content) => typeof content === 'object' && content !== null && !Array.isArray(content);
const isText = (content) => typeof content === 'string' && content !== '';
const isTexts = (content) => Array.isArray(content) && content.every(isText);
const isCount = (content, least = 0, most = Infinity) =>
  Number.isSafeInteger(content) && content >= least && content <= most;
const areDifferent = (texts) => new Set(texts).size === texts.length;
const isSameSet = (some, others) => some.length === others.length && some.every((each) => others.includes(each));

function demand(holds, otherwise) {
  if (!holds) throw new Malformed(otherwise);
}

/** The record, if it has all the needed keys and none but those and the known ones. */
function recordOf(content, name, needed, known = []) {
  demand(isRecord(content), `${name} is no record`);
  for (const key of needed) demand(key in content, `${name} lacks ${key}`);
  for (const key of Object.keys(content)) {
    demand(needed.includes(key) || known.includes(key), `${name} has ${key.slice(0, 40)}, which does not belong there`);
  }
  return content;
}

function textOf(content, name) {
  demand(isText(content), `${name} is no text`);
  return content;
}

function textsOf(content, name) {
  demand(isTexts(content), `${name} is no list of texts`);
  return content;
}

/** Seconds since 1970 of a moment in UTC, `2026-11-26T14:00:00Z`; Date alone would take many other forms. */
function momentOf(content, name) {
  const isForm = typeof content === 'string' && /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(content);
  const time = isForm ? Date.parse(content) : NaN;
  demand(!Number.isNaN(time) && momentText(time / 1000) === content, `${name} is no moment like 2026-11-26T14:00:00Z`);
  return time / 1000;
}

const LAST_SECOND = Date.parse('9999-12-31T23:59:59Z') / 1000;
const momentText = (seconds) => `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;

/** The bytes of base64 with padding, in the one spelling that the encoder would choose. */
function bytesOfBase64(text, name) {
  try {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    demand(base64(bytes) === text, `${name} is not the one spelling of its bytes`);
    return bytes;
  } catch (error) {
    throw error instanceof Malformed ? error : new Malformed(`${name} is no base64`);
  }
}

/** The bytes of base64url without padding. */
function bytesOfBase64Url(text, name) {
  demand(isText(text) && /^[A-Za-z0-9_-]+$/.test(text), `${name} is no base64url`);
  const padding = '='.repeat((4 - (text.length % 4)) % 4);
  return bytesOfBase64(text.replaceAll('-', '+').replaceAll('_', '/') + padding, name);
}

const base64 = (bytes) => btoa(String.fromCharCode(...bytes));
const base64Url = (bytes) => base64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const utf8 = (text) => new TextEncoder().encode(text);
const joined = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]));
const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
const digestOf = async (text) => hex(await sha256(utf8(text)));

function textOfBytes(bytes, name) {
  demand(bytes.length <= MOST_BYTES, `${name} is larger than any of ours`);
  try {
    // A byte order mark is kept, and so refused by the reader.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Malformed(`${name} is no UTF-8 text`);
  }
}
