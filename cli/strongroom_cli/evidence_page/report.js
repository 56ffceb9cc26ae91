// The verdict in words: one sentence with its code, and apart from each other what is proven, timed and only stated.

const OUTCOMES = {
  restored: 'It was asked for, approved and carried out as signed.',
  denied: 'It was asked for and denied, and nothing was started.',
  cancelled: 'It was asked for and cancelled by whoever asked, and nothing was started.',
  expired: 'It was asked for, its time ran out, and nothing was started.',
  failed: 'It was asked for and failed.',
  withdrawn: 'It was asked for, its ticket no longer entitled to it, and nothing was started.',
};
const UNKNOWN = 'Whole, but not by known keys';
const VERBS = { approve: 'approved', deny: 'denied', cancel: 'cancelled', request: 'asked again' };
const REQUEST_ROWS = [
  ['account', 'Account'], ['recovery_point', 'Recovery point'], ['target_name', 'Restored as'], ['role', 'Role'],
  ['plan', 'Plan'], ['metadata', 'Metadata'], ['reason', 'Reason given'], ['approve_before', 'To be approved before'],
  ['act_before', 'To be carried out before'],
];

/** The verdict on the bytes of a bundle, and of a trust file or null; nothing else is read, and no clock. */
async function judge(bundleBytes, trustBytes) {
  try {
    const text = await unless('The bundle', () => textOfBytes(bundleBytes, 'it'));
    const { format } = await unless('The bundle', () => formOf(text));
    return await (format === 'strongroom-evidence/1' ? judgeSealed(text) : judgeProven(text, trustBytes));
  } catch (error) {
    if (error instanceof Broken) return verdict(1, 'Broken', `The first broken link is ${error.message}.`);
    const reason = error instanceof Unreadable ? error.message : 'This page failed while it was reading';
    return verdict(2, 'Unreadable', `${reason}.`);
  }
}

const verdict = (code, title, sentence, groups = []) => ({ code, title, sentence, groups });

async function judgeProven(text, trustBytes) {
  const readFile = () => readTrust(textOfBytes(trustBytes, 'it'));
  const trust = trustBytes === null ? new OwnWord() : await unless('The trust file', readFile);
  const bundle = await unless('The bundle', () => readBundle(text));
  const replayed = await replay(bundle, trust);
  const steps = await readSteps(bundle.stated ?? [], replayed, trust);
  const isKnown = replayed.isKnown && steps.every(({ seen }) => seen.isKnown);
  const found = { ...replayed, isKnown, steps, review: await firstReview(replayed, bundle.reviews ?? [], bundle.proofs, trust) };
  const outcome = `${OUTCOMES[found.story.closed.facts.outcome]}${faultsOf(found.story)}`;
  if (found.isKnown) return verdict(0, 'Proven', outcome, groupsOf(found));
  const why = trustBytes
    ? 'It is whole, but no log and witness that the trust file knows have signed all of it.'
    : 'It is whole, but without a trust file its keys and rules are its own word.';
  return verdict(3, UNKNOWN, `${why} By its word: ${outcome}`, groupsOf(found));
}

/** What the job of a restore that stands did not do, by the control plane's word. */
function faultsOf({ restored }) {
  const faults = restored?.facts.faults;
  const told = Array.isArray(faults) ? faults.filter(isText) : [];
  return told.length > 0 ? ` It has faults: ${told.join('; ')}` : '';
}

async function judgeSealed(text) {
  const bundle = readJson(text);
  await unless('The bundle', () => readSealed(bundle));
  const { chain } = await replaySealed(bundle);
  const sentence = 'It is whole, but of the old form: nobody signed in it, and it names the key of its seal itself.';
  return verdict(3, UNKNOWN, sentence, [statedGroup(chain, false)]);
}

async function unless(name, read) {
  try {
    return await read();
  } catch (error) {
    throw error instanceof Malformed ? new Unreadable(`${name} cannot be read: ${error.message}`) : error;
  }
}

function formOf(text) {
  const content = readJson(text);
  demand(isRecord(content), 'it is no record');
  demand(['strongroom-evidence/1', 'strongroom-evidence/2'].includes(content.format), 'it is no bundle of evidence');
  return content;
}

function readBundle(text) {
  const bundle = recordOf(readCanonical(text), 'it', ['chain', 'format', 'log', 'proofs', 'request'], ['reviews', 'stated']);
  const lists = ['chain', 'proofs', 'reviews', 'stated'].filter((name) => name in bundle);
  const isForm = isRecord(bundle.request) && isRecord(bundle.log) && lists.every((name) => Array.isArray(bundle[name]));
  demand(isForm && bundle.chain.length <= MOST_ENTRIES, 'it has not the form of a bundle');
  return bundle;
}

function groupsOf(found) {
  const groups = [provenGroup(found), timedGroup(found), statedGroup(found.chain, found.isKnown, [...urgency(found), ...leftToDo(found)])];
  const aside = found.words.filter((word) => whyAside(word, found) !== '');
  if (aside.length > 0) groups.push(asideGroup(aside, found));
  return groups;
}

function provenGroup({ asked, opening, words, policies, review, steps, isKnown, ...found }) {
  const counted = words.filter((word) => whyAside(word, { asked, policies, ...found }) === '');
  const signed = ({ subject, by, issuedAt }) => `${subject}, by ${by}, ${momentText(issuedAt)}`;
  const seats = seatsOf(asked.policy, asked);
  const rules = [...new Set(seats)].map((group) => `${seats.filter((each) => each === group).length} of ${group}`);
  return {
    title: isKnown ? 'Proven' : 'Signed, by keys that nobody here knows',
    note: 'People signed this themselves; the times are those in what they signed.',
    rows: [
      ['Asked for by', signed(opening)],
      ...counted.map((word) => [`Request ${VERBS[word.decision]} by`, signed(word)]),
      ...(review ? [['Reviewed afterwards by', `${signed(review)}: ${review.finding}`]] : []),
      ...steps.map((step) => [`Step by hand ${step.outcome}`, `${step.step} (${signed(step)}${step.reason ? `: ${step.reason}` : ''})`]),
      ['Request', asked.content.id],
      ...REQUEST_ROWS.map(([key, label]) => [label, wordsFor(asked.content[key])]),
      ['To be approved by', rules.join(', ')],
      ['SHA-256 of the request', asked.digest],
    ],
  };
}

function timedGroup({ log, words, story, steps, isKnown }) {
  const said = ({ index, time }) => `by ${momentText(time)}, place ${index} in the log`;
  const nameOfWord = ({ digest, subject, decision }) =>
    subject ? `${subject}: ${VERBS[decision]}` : `Proof ${digest.slice(0, 12)}`;
  return {
    title: isKnown ? 'Timed' : 'Timed, by a witness that nobody here knows',
    note: 'The witness saw this in the log at that time, so that nobody can have made it later.',
    rows: [
      ...words.map((word) => [nameOfWord(word), said(log.proofs.get(word.digest))]),
      ...(log.intent ? [['Intent to restore', said(log.intent)]] : []),
      [`Close: ${story.closed.facts.outcome}`, said(log.closed)],
      ...steps.map(({ subject, step, seen }) => [`${subject}, of a step by hand: ${step}`, said(seen)]),
    ],
  };
}

/** That it could not wait, and whether somebody has looked at it since. */
function urgency({ asked, review }) {
  if (!isUrgent(asked.policy)) return [];
  return [['Urgent, for', `${wordsFor(asked.content.incident ?? null)}; ${review ? 'reviewed' : 'not reviewed yet'}`]];
}

function statedGroup(chain, isKnown, first = []) {
  const since = isKnown ? ' The log shows that it was not changed since.' : '';
  return {
    title: 'Stated',
    note: `The control plane says this, and nobody can check here whether it was so.${since}`,
    rows: [
      ...first,
      ...chain.map(({ number, at, kind, facts }) => [`${number}. ${kind}, ${at}`, wordsFor(facts)]),
    ],
  };
}

function asideGroup(aside, found) {
  return {
    title: 'Counted for nothing',
    note: 'Anybody who may put proofs can leave such things; they do not spoil the rest.',
    rows: aside.map((word) => [`Proof ${word.digest.slice(0, 12)}`, whyAside(word, found)]),
  };
}

/** Why a word counts for nothing; empty if it counts, or would have if it had come in time. */
function whyAside(word, { asked, policies }) {
  if (word.refusal) return word.refusal;
  const isRequester = word.subject === asked.content.requester;
  const isVote = ['approve', 'deny'].includes(word.decision);
  const isVoter = isVote && !isRequester && couldApprove(word, asked, policies);
  const mayCancel = word.decision === 'cancel' && isRequester;
  return isVoter || mayCancel ? '' : `${word.subject} is not one of those who may say "${word.decision}" here`;
}

/** A fact as a person reads it: a record as its members, anything else but a text as JSON. */
function wordsFor(content) {
  if (typeof content === 'string') return content;
  if (!isRecord(content)) return canonicalText(content);
  return Object.entries(content).map(([key, value]) => `${key}: ${wordsFor(value)}`).join('; ');
}
