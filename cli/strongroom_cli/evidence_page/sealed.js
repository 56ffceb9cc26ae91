// Bundles of before (`strongroom-evidence/1`): a chain with one seal, made by the key that the bundle itself names.

const ENTRY = ['at', 'digest', 'facts', 'kind', 'number', 'previous', 'stream'];

/** The entries, if chain and seal hold; such a bundle proves nothing about people, so that it is never proven. */
async function replaySealed(bundle) {
  const { entries, seal, stream } = readSealed(bundle);
  let previous = FIRST;
  for (const [place, entry] of entries.entries()) {
    await within(nameOf(entry), () => checkSealedEntry(entry, stream, place + 1, previous));
    previous = entry.digest;
  }
  await within('the chain', () => demand(entries.length > 0, 'there is no entry'));
  await within('the seal', () => checkSeal(seal, entries.at(-1), stream));
  await within('the chain', () => checkSealedOrder(entries, stream));
  return { chain: entries };
}

function readSealed(bundle) {
  for (const name of ['entries', 'seal', 'stream']) demand(name in bundle, `it lacks ${name}`);
  const { entries, seal, stream } = bundle;
  demand(Array.isArray(entries) && typeof stream === 'string', 'it has no entries');
  for (const entry of entries) {
    recordOf(entry, 'an entry', ENTRY);
    const texts = ENTRY.filter((name) => !['facts', 'number'].includes(name)).map((name) => entry[name]);
    demand(isRecord(entry.facts) && Number.isSafeInteger(entry.number), 'an entry is of another form');
    demand([...texts, ...Object.values(entry.facts)].every((each) => typeof each === 'string'), 'a fact is no text');
  }
  if (seal !== null) {
    const { number, ...texts } = recordOf(seal, 'the seal', ['digest', 'key', 'number', 'public_key', 'signature'], ['algorithm']);
    const isForm = Number.isSafeInteger(number) && Object.values(texts).every((each) => typeof each === 'string');
    demand(isForm, 'the seal is of another form');
  }
  return { entries, seal, stream };
}

async function checkSealedEntry(entry, stream, number, previous) {
  const { digest, ...content } = entry;
  demand(entry.stream === stream && entry.number === number, 'an entry is missing or out of place');
  demand(entry.previous === previous, 'it does not carry the hash of the entry before');
  demand((await digestOf(canonicalText(content))) === digest, 'its content is not what its hash was made of');
  const { request, digest: asked } = entry.facts;
  const isSame = request === undefined || (await digestOf(request)) === asked;
  demand(isSame, 'the request is not what its digest was made of');
}

async function checkSeal(seal, last, stream) {
  demand(seal, 'there is none; the ceremony has not ended');
  const { algorithm = 'ECDSA_SHA_256', number, digest } = seal;
  demand(number === last.number && digest === last.digest, 'it is over another end of the chain');
  demand(algorithm === 'ECDSA_SHA_256', 'it is of another algorithm');
  const [, encoded] = /^-----BEGIN PUBLIC KEY-----([\s\S]+)-----END PUBLIC KEY-----\s*$/.exec(seal.public_key) ?? [];
  demand(encoded, 'its key is none');
  const key = await importKey('spki', bytesOfBase64(encoded.replaceAll(/\s/g, ''), 'the key'), 'ES256');
  const signature = plainSignature(bytesOfBase64(textOf(seal.signature, 'the signature'), 'the signature'));
  const message = canonicalText({ format: 'strongroom-evidence/1', stream, number, digest });
  demand(await isSigned(key, signature, utf8(message)), 'the signature is not good');
}

function checkSealedOrder(entries, stream) {
  const [first, last] = [entries[0], entries.at(-1)];
  const isFirst = first.kind === 'requested' && 'digest' in first.facts && streamOf(first.facts.request) === stream;
  demand(isFirst, 'it does not begin with its own request');
  const asked = first.facts.digest;
  const isAbout = ({ kind, facts }) => kind !== 'requested' && (facts.digest ?? asked) === asked;
  demand(entries.slice(1).every(isAbout), 'an entry is about another request');
  const closes = entries.filter(({ kind }) => kind === 'closed');
  demand(closes.length === 1 && last.kind === 'closed', 'it does not end with its one close');
}

function streamOf(request) {
  try {
    return `restore-${readJson(request).id}`;
  } catch {
    return '';
  }
}
