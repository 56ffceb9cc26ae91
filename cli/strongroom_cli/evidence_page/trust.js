// What is known from elsewhere than the evidence: the trust file, or, without one, nothing but the bundle's own word.

/** What the reviewed intent and its history say. */
class Trust {
  constructor(content, logKeys) {
    this.policies = content.policies.map(dated);
    this.issuerKeys = content.issuer_keys.map(dated);
    this.passkeys = new Map(Object.entries(content.passkeys).map(([id, entry]) => [id, enrolled(entry)]));
    this.origins = content.origins;
    this.rpId = content.rp_id;
    this.origin = content.origin;
    this.witness = content.witness;
    this.logKeys = logKeys.filter((key) => key.type === LOG_TYPE && key.name === this.origin);
    this.witnessKeys = logKeys.filter((key) => key.type === WITNESS_TYPE && key.name === this.witness);
  }

  isInForce(policy, time) {
    return this.policies.some((known) => known.text === policy && isWithin(known, time));
  }

  hasBegun(policy, time) {
    return this.policies.some((known) => known.text === policy && known.since <= time);
  }

  hasEnrolled(credential, subject, publicKey, time) {
    const known = this.passkeys.get(credential);
    return known !== undefined && known.subject === subject && known.key === publicKey && isWithin(known, time);
  }

  hasSeen(thumbprint, time) {
    return this.issuerKeys.some((known) => known.text === thumbprint && isWithin(known, time));
  }

  isOurPage(origin) {
    return this.origins.includes(origin);
  }

  isWitness(name) {
    return name === this.witness;
  }
}

/** Without a trust file: rules, keys and pages are whatever the bundle says, and no log is known. */
class OwnWord {
  logKeys = [];
  witnessKeys = [];
  isInForce = () => true;
  hasBegun = () => true;
  hasEnrolled = () => true;
  hasSeen = () => true;
  isWitness = () => true;

  /** The pages of one host: that of whoever signed first. */
  isOurPage(origin) {
    const page = URL.canParse(origin) ? new URL(origin) : null;
    const isSafe = page?.protocol === 'https:' || /^http:\/\/([^/]+\.)?localhost(:|$)/.test(page?.origin);
    this.rpId ??= isSafe ? page.hostname : undefined;
    return isSafe && page.origin === origin && page.hostname === this.rpId;
  }
}

async function readTrust(text) {
  const lists = ['policies', 'issuer_keys', 'origins', 'log_keys'];
  const content = recordOf(readCanonical(text), 'it', [...lists, 'passkeys', 'rp_id', 'origin', 'witness'], ['format']);
  demand(!('format' in content) || content.format === 'strongroom-trust/1', 'it is of another format');
  for (const name of lists) demand(Array.isArray(content[name]), `${name} is no list`);
  for (const name of ['rp_id', 'origin', 'witness']) textOf(content[name], name);
  textsOf(content.origins, 'origins');
  textsOf(content.log_keys, 'log_keys');
  demand(isRecord(content.passkeys), 'passkeys is no record');
  return new Trust(content, await Promise.all(content.log_keys.map(readNoteKey)));
}

/** A text that holds always, or [text, since, until]; a time that is left out bounds nothing. */
function dated(entry) {
  const [text, since = null, until = null, ...more] = Array.isArray(entry) ? entry : [entry];
  demand(isText(text) && more.length === 0, 'an entry is no text with its times');
  return { text, ...period(since, until) };
}

function enrolled(entry) {
  demand(Array.isArray(entry) && isTexts(entry.slice(0, 2)), 'a passkey is not [subject, key, since, until]');
  const [subject, key, since = null, until = null, ...more] = entry;
  demand(isText(key) && more.length === 0, 'a passkey is not [subject, key, since, until]');
  bytesOfBase64Url(key, 'a public key');
  return { subject, key, ...period(since, until) };
}

const period = (since, until) => ({
  since: since === null ? -Infinity : momentOf(since, 'since'),
  until: until === null ? Infinity : momentOf(until, 'until'),
});

const isWithin = ({ since, until }, time) => since <= time && time < until;
