// The transparency log: proofs of inclusion (C2SP tlog-proof, RFC 6962) under checkpoints that log and witness sign.

const LOG_TYPE = 1;
const WITNESS_TYPE = 4;
const COSIGNATURE_LENGTH = 4 + 8 + 64;
const INTEGER = /^(?:0|[1-9][0-9]{0,15})$/;

/** A verification key of the note format, `name+hash+key` (C2SP signed-note). */
async function readNoteKey(text) {
  const [, name, id, encoded] = /^([^+\s\u0000-\u001f]+)\+([0-9a-f]{8})\+(.+)$/.exec(text) ?? [];
  demand(name, 'a log key is not name+hash+key');
  const bytes = bytesOfBase64(encoded, 'a log key');
  const type = bytes[0];
  demand(bytes.length === 33 && [LOG_TYPE, WITNESS_TYPE].includes(type), 'a log key is of no known type');
  demand(hex((await sha256(joined(utf8(`${name}\n`), bytes))).slice(0, 4)) === id, 'a log key has the hash of another');
  return { name, id, type, key: await importKey('raw', bytes.slice(1), 'EdDSA') };
}

/** One proof that the log holds an object: its index, when the witness saw it, and whether both known keys signed. */
async function verifyLogged(proof, objectKey, objectDigest, trust) {
  const [head, body, signed, ...more] = textOf(proof, 'the proof of the log').split('\n\n');
  demand(signed?.endsWith('\n') && more.length === 0, 'this is no proof of a log');
  const { index, path } = readHead(head.split('\n'));
  const { origin, size, root } = readCheckpoint(body.split('\n'));
  const leaf = await leafHash(`strongroom-leaf/1\n${objectKey}\n${objectDigest}\n`);
  demand(await isIncluded(leaf, index, size, path, root), 'the log does not hold this object there');
  const signatures = await verifyNote(`${body}\n`, signed.slice(0, -1).split('\n').map(readSignature), trust);
  const isKnown = signatures.byLog && signatures.byWitness;
  demand(!(signatures.byLog || signatures.byWitness) || origin === trust.origin, 'it is of another log');
  return { index, size, root: hex(root), isKnown, time: signatures.time };
}

function readHead([format, index, ...path]) {
  demand(format === 'c2sp.org/tlog-proof@v1', 'the proof is of another format');
  demand(index?.startsWith('index '), 'the proof has no index');
  return { index: integerOf(index.slice('index '.length)), path: path.map(hashOf) };
}

function readCheckpoint([origin, size, root, ...more]) {
  demand(isText(origin) && root !== undefined && more.length === 0, 'the checkpoint is not origin, size and root');
  return { origin, size: integerOf(size), root: hashOf(root) };
}

function readSignature(line) {
  const [, name, encoded] = /^\u2014 ([^+\s\u0000-\u001f]+) (\S+)$/.exec(line) ?? [];
  demand(name, 'a line of the checkpoint is no signature');
  const bytes = bytesOfBase64(encoded, 'a signature of the checkpoint');
  demand(bytes.length > 4, 'a signature of the checkpoint is too short');
  return { name, id: hex(bytes.slice(0, 4)), bytes };
}

function integerOf(text) {
  demand(INTEGER.test(text) && Number.isSafeInteger(Number(text)), 'a number of the proof is none');
  return Number(text);
}

function hashOf(text) {
  const hash = bytesOfBase64(text, 'a hash of the proof');
  demand(hash.length === 32, 'a hash of the proof is not of SHA-256');
  return hash;
}

/** Lines of unknown keys count for nothing; a line of a known key that is not good makes the note worthless. */
async function verifyNote(body, signatures, trust) {
  const result = { byLog: false, byWitness: false, time: -Infinity };
  for (const { name, id, bytes } of signatures) {
    const isBy = (key) => key.name === name && key.id === id;
    const log = trust.logKeys.find(isBy);
    const witness = trust.witnessKeys.find(isBy);
    if (log) demand(await isSigned(log.key, bytes.slice(4), utf8(body)), `the log's signature is not good`);
    if (witness) demand(await isCosigned(witness.key, bytes, body), `the witness's signature is not good`);
    if (witness) result.time = Math.max(result.time, timestampOf(bytes));
    result.byLog ||= log !== undefined;
    result.byWitness ||= witness !== undefined;
  }
  if (result.byWitness) return result;
  // What nobody known has timed is replayed at the time that it claims; it is never proven.
  const timed = signatures.find(({ name, bytes }) => trust.isWitness(name) && timestampOf(bytes) !== null);
  demand(timed, 'nobody says when it was seen');
  return { ...result, time: timestampOf(timed.bytes) };
}

async function isCosigned(key, bytes, body) {
  const time = timestampOf(bytes);
  return time !== null && isSigned(key, bytes.slice(12), utf8(`cosignature/v1\ntime ${time}\n${body}`));
}

/** When the text was seen, by the word of a witness's line; null for any other line. */
function timestampOf(bytes) {
  const time = bytes.length === COSIGNATURE_LENGTH ? new DataView(bytes.buffer).getBigUint64(4) : Infinity;
  return time <= LAST_SECOND ? Number(time) : null;
}

const leafHash = (content) => sha256(joined([0], utf8(content)));
const nodeHash = (left, right) => sha256(joined([1], left, right));

/** RFC 9162, section 2.1.3.2. */
async function isIncluded(leaf, index, size, path, root) {
  if (index >= size) return false;
  let [place, last, hash] = [BigInt(index), BigInt(size - 1), leaf];
  for (const sibling of path) {
    if (last === 0n) return false;
    const isRight = place % 2n === 1n;
    hash = isRight || place === last ? await nodeHash(sibling, hash) : await nodeHash(hash, sibling);
    // The last node of a level may have no sibling there, and takes part again further up.
    while (place === last && place % 2n === 0n && place !== 0n) [place, last] = [place >> 1n, last >> 1n];
    [place, last] = [place >> 1n, last >> 1n];
  }
  return last === 0n && hex(hash) === hex(root);
}
