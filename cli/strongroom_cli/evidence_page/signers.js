// Who signed a statement: by a passkey (Web Authentication, 7.2) or by an ID token (OpenID Connect Core, 3.1.3.7).

const STATEMENT = [
  'decision', 'expires_at', 'format', 'issued_at', 'nonce', 'policy', 'request', 'request_digest',
];
const DECISIONS = ['request', 'approve', 'deny', 'cancel'];
const SKEW = 60;
const [PRESENT, VERIFIED, MAY_BE_SYNCED, IS_SYNCED, HAS_MORE] = [0x01, 0x04, 0x08, 0x10, 0xc0];
const KINDS = {
  ES256: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  EdDSA: { name: 'Ed25519' },
};
const JWK_ALGORITHMS = new Map([['EC', 'ES256'], ['RSA', 'RS256']]);
const JWK_MEMBERS = { ES256: ['crv', 'kty', 'x', 'y'], RS256: ['e', 'kty', 'n'] };

/** A text that somebody signs: exactly these keys, with a nonce. */
function readSigned(text, keys, known = []) {
  demand(isText(text) && isAscii(text), 'the statement is no ASCII text');
  const statement = recordOf(readCanonical(text), 'the statement', keys, known);
  for (const key of Object.keys(statement)) textOf(statement[key], key);
  demand(bytesOfBase64Url(statement.nonce, 'its nonce').length === 16, 'its nonce does not have 128 bits');
  return statement;
}

/** The statement of a vote, whatever it is about. */
function readVote(text) {
  const statement = readSigned(text, STATEMENT);
  demand(statement.format === 'strongroom-approval/1', 'it was signed for something else than a restore');
  demand(DECISIONS.includes(statement.decision), 'its decision is none that is known');
  return statement;
}

/** The statement of a proof, if it is about this request, under its rules, and ends with it. */
function readStatement(text, asked) {
  const statement = readVote(text);
  const isSame = statement.request === asked.content.id && statement.request_digest === asked.digest;
  demand(isSame, 'it was signed for another request');
  demand(statement.policy === asked.policy.digest, 'it was signed under other rules');
  demand(momentOf(statement.expires_at, 'expires_at') === asked.actBefore, 'it does not end when the request does');
  return { decision: statement.decision, issuedAt: momentOf(statement.issued_at, 'issued_at') };
}

/** Who signed the proof's statement, by keys that were known at that time: the subject, and what a token claims. */
async function signerOf(proof, issuedAt, policy, trust, time) {
  if ('passkey' in proof) return passkeySigner(proof, policy, trust, time);
  demand(policy.issuer, 'the rules take no ID tokens');
  return tokenSigner(proof, issuedAt, policy, trust, time);
}

async function passkeySigner({ statement, passkey }, policy, trust, time) {
  const signed = ['authenticator_data', 'client_data', 'signature'];
  recordOf(passkey, 'the passkey', ['credential', ...signed]);
  const { subject, publicKey, algorithm } = enrolledPasskey(passkey.credential, policy, trust, time);
  const [data, clientData, signature] = signed.map((name) => bytesOfBase64Url(passkey[name], name));
  checkClientData(clientData, base64Url(await sha256(utf8(statement))), trust);
  await checkDevice(data, trust.rpId, policy.deviceBound);
  const message = joined(data, await sha256(clientData));
  const key = await importKey('spki', bytesOfBase64Url(publicKey, 'the public key'), algorithm);
  const plain = algorithm === 'ES256' ? plainSignature(signature) : signature;
  demand(await isSigned(key, plain, message), 'the signature is not by the enrolled passkey');
  return { subject, claims: {}, by: 'passkey' };
}

/** The one passkey of that id in the rules, if the same key was enrolled for the same person. */
function enrolledPasskey(credential, policy, trust, time) {
  const found = Object.entries(policy.people).flatMap(([subject, { passkeys }]) =>
    passkeys
      .filter(({ id }) => id === credential)
      .map(({ public_key: publicKey, algorithm }) => ({ subject, publicKey, algorithm })),
  );
  const isKnown = found.length === 1 && trust.hasEnrolled(credential, found[0].subject, found[0].publicKey, time);
  demand(isKnown, 'nobody here has enrolled this passkey');
  return found[0];
}

/** What the browser said. It adds keys on purpose, so that others are allowed; none may be said twice. */
function checkClientData(bytes, challenge, trust) {
  const said = readJson(textOfBytes(bytes, `the browser's data`));
  demand(isRecord(said) && said.type === 'webauthn.get', `the browser's data is not of a signature`);
  demand(said.challenge === challenge, 'the passkey signed something else');
  demand(trust.isOurPage(said.origin), 'it was signed on a page that is not ours');
  const isFramed = ('crossOrigin' in said && said.crossOrigin !== false) || 'topOrigin' in said;
  demand(!isFramed, `it was signed inside of somebody else's page`);
}

async function checkDevice(data, rpId, deviceBound) {
  demand(data.length === 37, `the authenticator's data is not as long as it must be`);
  demand(hex(data.slice(0, 32)) === (await digestOf(rpId)), 'the passkey belongs to another site');
  const has = (flag) => (data[32] & flag) !== 0;
  demand(has(PRESENT) && has(VERIFIED), 'the passkey did not verify its holder');
  demand(!has(HAS_MORE) && (has(MAY_BE_SYNCED) || !has(IS_SYNCED)), 'the authenticator contradicts itself');
  demand(!deviceBound || !has(MAY_BE_SYNCED), 'the passkey may be copied to other devices');
}

async function tokenSigner({ statement, id_token: kept }, issuedAt, policy, trust, time) {
  recordOf(kept, 'the ID token', ['jwk', 'token']);
  const claims = await signedClaims(kept, trust, time);
  const nonce = base64Url(await sha256(utf8(`strongroom-oidc/1\n${statement}`)));
  checkParties(claims, policy.issuer, nonce);
  checkTimes(claims, issuedAt, policy.presence_max_age);
  checkAssurance(claims, policy.issuer.assurance);
  const subject = claims[policy.issuer.subject_claim];
  demand(isText(subject), 'the token does not say whose it is');
  return { subject, claims, by: 'ID token' };
}

async function signedClaims({ jwk, token }, trust, time) {
  const parts = textOf(token, 'the ID token').split('.');
  demand(parts.length === 3, 'the token is not in compact form');
  const [header, payload, signature] = parts.map((part) => bytesOfBase64Url(part, 'a part of the token'));
  const said = readJson(textOfBytes(header, `the token's header`));
  const { algorithm, thumbprint, key } = await readJwk(jwk, said);
  demand(trust.hasSeen(thumbprint, time), `the token's key was never seen at the identity provider`);
  const isPlain = isRecord(said) && said.alg === algorithm && !('crit' in said);
  demand(isPlain, `the token's header asks for something else than its key does`);
  const message = utf8(`${parts[0]}.${parts[1]}`);
  demand(await isSigned(key, signature, message), `the token's signature is not good`);
  const claims = readJson(textOfBytes(payload, 'the token'));
  demand(isRecord(claims), 'the token is no record');
  return claims;
}

/** The key by its own kind and never by the header's word (RFC 8725, 3.1); its thumbprint is that of RFC 7638. */
async function readJwk(jwk, header) {
  const algorithm = JWK_ALGORITHMS.get(jwk?.kty);
  demand(algorithm, `the token's key is of no kind that signs ID tokens here`);
  recordOf(jwk, `the token's key`, JWK_MEMBERS[algorithm], ['alg', 'key_ops', 'kid', 'use']);
  // No hash covers the requester's proof: what the thumbprint leaves out may say one thing only.
  const { alg = algorithm, key_ops: operations = ['verify'], kid, use = 'sig' } = jwk;
  const isPlain = alg === algorithm && use === 'sig' && canonicalText(operations) === '["verify"]';
  demand(isPlain && (kid === undefined || kid === header?.kid), `the token's key says something else of itself`);
  const core = Object.fromEntries(JWK_MEMBERS[algorithm].map((name) => [name, textOf(jwk[name], name)]));
  const key = await importKey('jwk', core, algorithm);
  return { algorithm, thumbprint: base64Url(await sha256(utf8(canonicalText(core)))), key };
}

function checkParties(claims, issuer, nonce) {
  const audiences = [claims.aud].flat();
  const clients = [issuer.client_id].flat();
  demand(claims.iss === issuer.issuer, 'the token is of another identity provider');
  const isOurs = audiences.length === 1 && clients.includes(audiences[0]);
  demand(isOurs, 'the token was made for somebody else than us alone');
  demand(clients.includes('azp' in claims ? claims.azp : audiences[0]), 'somebody else asked for the token');
  demand(issuer.tenant === undefined || claims.tid === issuer.tenant, 'the token is of another tenant');
  demand(claims.nonce === nonce, 'the token was made for another statement');
}

/** Judged at the statement's time and never by today's clock, so that an old token stays what it was. */
function checkTimes({ auth_time: loggedIn, iat, exp }, issuedAt, most) {
  demand([loggedIn, iat, exp].every((time) => isCount(time)), 'a time of the token is no whole second');
  demand(loggedIn >= issuedAt - SKEW, 'the login is older than the statement');
  demand(loggedIn <= iat + SKEW, 'the login lies after the token');
  demand(Math.abs(iat - issuedAt) <= most, 'the token was not made when the statement was');
  demand(exp > issuedAt, 'the token had run out');
}

/** `acr` is a text, `amr` and `acrs` are lists: the other form is refused. */
function checkAssurance(claims, { claim, any_of: anyOf = [], all_of: allOf = [] }) {
  const said = claims[claim];
  const isForm = claim === 'acr' ? isText(said) : isTexts(said) || (isText(said) && !['amr', 'acrs'].includes(claim));
  demand(isForm, `the token's ${claim} does not say how strong the login was`);
  const levels = [said].flat();
  const isAny = anyOf.length > 0 ? anyOf.some((level) => levels.includes(level)) : allOf.length > 0;
  demand(isAny && allOf.every((level) => levels.includes(level)), 'the login was not as strong as the rules demand');
}

async function importKey(form, content, algorithm) {
  try {
    const key = await crypto.subtle.importKey(form, content, KINDS[algorithm], false, ['verify']);
    demand((key.algorithm.modulusLength ?? 2048) >= 2048, 'a key has less than 2048 bits');
    return key;
  } catch (error) {
    if (error.name === 'NotSupportedError') throw new Unreadable(`this browser cannot check ${algorithm} signatures`);
    throw error instanceof Malformed ? error : new Malformed(`a key is none of ${algorithm}`);
  }
}

const isSigned = (key, signature, message) =>
  crypto.subtle.verify({ name: key.algorithm.name, hash: 'SHA-256' }, key, signature, message);

/** An authenticator's ECDSA signature in DER as WebCrypto takes it: r and s side by side, 32 bytes each. */
function plainSignature(der) {
  demand(der[0] === 0x30 && der[1] === der.length - 2, 'the signature is not in DER');
  const [r, afterR] = derInteger(der, 2);
  const [s, afterS] = derInteger(der, afterR);
  demand(afterS === der.length, 'the signature is not in DER');
  return joined(r, s);
}

function derInteger(der, at) {
  const length = der[at + 1];
  const bytes = der.slice(at + 2, at + 2 + length);
  const isShortest = bytes[0] < 0x80 && (bytes[0] !== 0 || bytes[1] >= 0x80);
  demand(der[at] === 0x02 && bytes.length === length && isShortest, 'the signature is not in DER');
  const digits = bytes[0] === 0 ? bytes.slice(1) : bytes;
  demand(digits.length <= 32, 'the signature is not in DER');
  return [joined(new Uint8Array(32 - digits.length), digits), at + 2 + length];
}
