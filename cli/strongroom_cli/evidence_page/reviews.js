// What was signed about an urgent restore after its end (`strongroom-breakglass/1`). No code depends on it.

const REVIEWERS = 'review:';
const REVIEW = ['closed', 'finding', 'format', 'issued_at', 'nonce', 'policy', 'request', 'request_digest'];
const FINDINGS = ['in-order', 'misuse'];

/** Rules for what cannot wait name who reviews it. */
const isUrgent = (policy) => Object.keys(policy.groups).some((name) => name.startsWith(REVIEWERS));

/** Who may review; nobody where the rules name no such group, or several, or leave it to logins. */
function reviewersOf(policy) {
  const groups = Object.entries(policy.groups).filter(([name]) => name.startsWith(REVIEWERS));
  return groups.length === 1 && Array.isArray(groups[0][1]) ? groups[0][1] : [];
}

/** The earliest review that counts, by the request's own rules and at its own time; undefined where there is none. */
async function firstReview({ asked, story }, texts, proofs, trust) {
  if (texts.length === 0) return undefined;
  const tookPart = await whoSigned(proofs, asked, trust);
  const found = [];
  for (const content of texts) {
    const review = await reviewOf(content, asked, story.closed, tookPart, trust);
    if (review) found.push(review);
  }
  const keyOf = ({ issuedAt, digest }) => `${momentText(issuedAt)} ${digest}`;
  return found.sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1))[0];
}

async function reviewOf(content, asked, closed, tookPart, trust) {
  try {
    recordOf(content, 'the review', ['statement'], ['passkey', 'id_token']);
    demand(('passkey' in content) !== ('id_token' in content), 'a review is by a passkey or by an ID token');
    const { finding, issuedAt } = readReview(content.statement, asked, closed);
    const { subject, by } = await signerOf(content, issuedAt, asked.policy, trust, issuedAt);
    demand(reviewersOf(asked.policy).includes(subject), 'it is signed by none of the reviewers');
    demand(subject !== asked.content.requester && !tookPart.has(subject), 'it is signed by somebody who took part');
    return { subject, by, finding, issuedAt, digest: await digestOf(canonicalText(content)) };
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

/** The statement of a review, if it is about this request, its rules and its end. */
function readReview(text, asked, closed) {
  const statement = readSigned(text, REVIEW);
  demand(statement.format === 'strongroom-breakglass/1', 'it was signed for something else than a review');
  demand(FINDINGS.includes(statement.finding), 'its finding is none that is known');
  const isSame = statement.request === asked.content.id && statement.request_digest === asked.digest;
  demand(isSame && statement.policy === asked.policy.digest, 'it is about another request');
  demand(statement.closed === closed.digest, 'it is about another end of the ceremony');
  return { finding: statement.finding, issuedAt: momentOf(statement.issued_at, 'issued_at') };
}

/** Whoever signed any vote that lies in the bundle, about whichever request, by the keys that they had then. */
async function whoSigned(proofs, asked, trust) {
  const subjects = new Set();
  for (const content of proofs) {
    try {
      recordOf(content, 'the proof', ['statement'], ['passkey', 'id_token']);
      const time = momentOf(readVote(content.statement).issued_at, 'issued_at');
      subjects.add((await signerOf(content, time, asked.policy, trust, time)).subject);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
    }
  }
  return subjects;
}
