// The one place that says "approved": what a request's proofs come to at some time, under one or two sets of rules.

const MOST_PROOFS = 200;

/** A proof as a word: who said what, under each of the rules; or why it counts for nothing. */
async function hear(proof, digest, asked, policies, trust, time) {
  try {
    recordOf(proof, 'the proof', ['statement'], ['passkey', 'id_token']);
    demand(('passkey' in proof) !== ('id_token' in proof), 'a proof is by a passkey or by an ID token');
    const { decision, issuedAt } = readStatement(proof.statement, asked);
    const signers = await Promise.all(policies.map((policy) => signerUnder(policy, proof, issuedAt, trust, time)));
    const { subject, by } = signers.find((signer) => signer.subject) ?? signers[0];
    demand(subject, signers[0].refusal);
    return { digest, decision, issuedAt, seenAt: time, subject, by, signers, refusal: '' };
  } catch (error) {
    if (error instanceof Malformed) return { digest, refusal: error.message };
    throw error;
  }
}

async function signerUnder(policy, proof, issuedAt, trust, time) {
  try {
    return await signerOf(proof, issuedAt, policy, trust, time);
  } catch (error) {
    if (error instanceof Malformed) return { subject: '', claims: {}, refusal: error.message };
    throw error;
  }
}

/** What the words, in any order, come to: a denial wins, then a cancellation, and unknown is never approved. */
function decide(words, asked, policies, now) {
  const { requester } = asked.content;
  const said = (decision) => wordsOf(words, decision, now);
  const denials = said('deny').filter((word) => word.subject !== requester && couldApprove(word, asked, policies));
  if (denials.length > 0) return { state: 'denied', words: denials };
  const cancellations = said('cancel').filter((word) => word.subject === requester);
  if (cancellations.length > 0) return { state: 'cancelled', words: cancellations };
  if (now >= asked.actBefore) return { state: 'expired', words: [] };
  if (words.length > MOST_PROOFS) return { state: 'pending', words: [] };
  const delay = Math.max(...policies.map((policy) => policy.delay));
  // When it was signed is the signer's own word: what must wait counts from when the witness saw it.
  const countsFrom = ({ issuedAt, seenAt }) => (delay > 0 ? Math.max(issuedAt, seenAt) : issuedAt);
  const approvals = said('approve')
    .filter((word) => isApproval(word, asked))
    .sort((one, other) => countsFrom(one) - countsFrom(other));
  const enough = approvals.findIndex((_, last) => areEnough(approvals.slice(0, last + 1), asked, policies));
  if (enough < 0) return { state: now >= asked.approveBefore ? 'expired' : 'pending', words: [] };
  const readyAt = countsFrom(approvals[enough]) + delay;
  return { state: now >= readyAt ? 'approved' : 'pending', words: approvals.slice(0, enough + 1) };
}

/** What was said of that kind until now, the earliest first. */
function wordsOf(words, decision, now) {
  const keyOf = ({ issuedAt, subject, digest }) => `${momentText(issuedAt)} ${subject} ${digest}`;
  return words
    .filter((word) => word.refusal === '' && word.decision === decision && word.issuedAt <= now + SKEW)
    .sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

/** Each key and each person must be known under both rules; the requester never votes. */
function isApproval(word, asked) {
  const isKnownToAll = word.signers.every(({ subject }) => subject === word.subject);
  return isKnownToAll && word.subject !== asked.content.requester && word.issuedAt <= asked.approveBefore;
}

const couldApprove = (word, asked, policies) =>
  policies.some((policy, place) =>
    seatsOf(policy, asked).some((group) => isMember(word.signers[place], group, policy)),
  );

const areEnough = (approvals, asked, policies) =>
  policies.every((policy, place) => {
    const isAllowed = (person, group) =>
      approvals.some((word) => word.subject === person && isMember(word.signers[place], group, policy));
    return areTaken(seatsOf(policy, asked), new Set(approvals.map(({ subject }) => subject)), isAllowed);
  });

/** Whether different people can take all the seats: by augmenting paths, so that no order matters. */
function areTaken(seats, people, isAllowed) {
  const taken = new Map();
  const sit = (person, tried) =>
    seats.some((group, seat) => {
      if (tried.has(seat) || !isAllowed(person, group)) return false;
      tried.add(seat);
      const isFree = !taken.has(seat) || sit(taken.get(seat), tried);
      if (isFree) taken.set(seat, person);
      return isFree;
    });
  for (const person of people) sit(person, new Set());
  return seats.length > 0 && taken.size === seats.length;
}
