// What was signed about the steps by hand (`strongroom-stated/1`): each is on the list, and stated once.

const STEP = ['format', 'issued_at', 'nonce', 'outcome', 'policy', 'request', 'request_digest', 'step'];
const STEP_OUTCOMES = ['done', 'dismissed'];
const LONGEST_REASON = 500;
// What the machine does itself is on nobody's list.
const OF_MACHINE = [
  'The machine protects it from deletion.',
  'The machine makes it continuous again.',
  "The machine makes its writer, of the class of the original's, if that is still there.",
  'The machine makes its readers, as many as the original has, if that is still there.',
  "The machine makes its alarms anew, with their actions off: the original's, or the noted ones.",
];

/** The steps of a request that a person takes, each once. */
function stepsByHand({ steps = [] }) {
  const sentences = Array.isArray(steps) ? steps.filter(isText) : [];
  return [...new Set(sentences)].filter((sentence) => !OF_MACHINE.includes(sentence));
}

async function readSteps(contents, found, trust) {
  const steps = [];
  for (const [place, content] of contents.entries()) {
    await within(`stated ${place + 1}`, async () => {
      const step = await stepOf(content, found, trust);
      demand(steps.every((other) => other.step !== step.step), 'the step is stated twice');
      steps.push(step);
    });
  }
  return steps;
}

async function stepOf(content, { asked }, trust) {
  const { logged, stated } = recordOf(content, 'it', ['logged', 'stated']);
  recordOf(stated, 'what was stated', ['statement'], ['passkey', 'id_token']);
  demand(('passkey' in stated) !== ('id_token' in stated), 'a step is stated by a passkey or by an ID token');
  const said = readStep(stated.statement, asked);
  const digest = await digestOf(canonicalText(stated));
  const seen = await verifyLogged(logged, `evidence/${asked.content.id}/stated/${digest}.json`, digest, trust);
  demand(said.issuedAt <= seen.time + SKEW, 'it was signed for later than it was there');
  const signer = await signerOf(stated, said.issuedAt, asked.policy, trust, seen.time);
  const groups = [asked.policy.requesters, ...asked.policy.rules.map(({ group }) => group)];
  const mayState = groups.some((group) => isMember(signer, group, asked.policy));
  demand(mayState, 'it is stated by somebody who may neither ask for such a restore nor approve it');
  return { ...said, ...signer, seen };
}

/** The statement about a step, if it is about this request, its rules and its list. */
function readStep(text, asked) {
  const statement = readSigned(text, STEP, ['reason']);
  demand(statement.format === 'strongroom-stated/1', 'it was signed for something else than a step');
  demand(STEP_OUTCOMES.includes(statement.outcome), 'its outcome is none that is known');
  const reason = statement.reason ?? '';
  demand(/^[ -~]*$/.test(reason) && reason.length <= LONGEST_REASON, 'its reason is not one line');
  const isExplained = reason.trim() !== '';
  demand(isExplained === (statement.outcome === 'dismissed'), 'a step is dismissed with a reason, and is done without');
  const isSame = statement.request === asked.content.id && statement.request_digest === asked.digest;
  demand(isSame && statement.policy === asked.policy.digest, 'it is about another request');
  demand(stepsByHand(asked.content).includes(statement.step), 'the step was never on the list of the request');
  const { outcome, step } = statement;
  return { outcome, step, reason, issuedAt: momentOf(statement.issued_at, 'issued_at') };
}

/** The steps of a restore that stands and of which nobody has stated anything. */
function leftToDo({ asked, story, steps }) {
  if (!story.restored) return [];
  const isLeft = (sentence) => steps.every(({ step }) => step !== sentence);
  return stepsByHand(asked.content).filter(isLeft).map((sentence) => ['Left to do by hand', sentence]);
}
