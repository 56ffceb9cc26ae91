// The whole ceremony once more (`strongroom-evidence/2`): every link is checked, and the first that breaks is named.

const FIRST = '0'.repeat(64);
const SLACK_OF_JOB = 600;
// What a ceremony that started nothing may be closed as, by what its proofs come to at the end.
const OUTCOMES_OF = {
  denied: ['denied'],
  cancelled: ['cancelled'],
  expired: ['expired', 'failed', 'withdrawn'],
  pending: ['failed', 'withdrawn'],
  approved: ['failed', 'withdrawn'],
};

/** What the bundle shows; Broken if a link does not hold. */
async function replay(bundle, trust) {
  const asked = await within('the request', () => readRequest(bundle.request.request));
  const chain = await readChain(bundle.chain, asked.content.id);
  const story = await within('the chain', () => tell(chain));
  const proofs = await digested(bundle.proofs);
  await within(nameOf(story.closed), () => checkManifest(story.closed, proofs));
  const log = await readLog(bundle.log, story, proofs, asked.content.id, trust);
  const time = (log.intent ?? log.closed).time;
  const policies = await within('the rules', () => rulesAt(time, story.intent, asked, trust));
  const opening = await within('the request', () => openRequest(bundle.request, asked, policies, trust, time));
  const words = [];
  for (const { content, digest } of proofs) {
    words.push(await hear(content, digest, asked, policies, trust, log.proofs.get(digest).time));
  }
  const room = { asked, opening, policies, words, log, story };
  await within('the ticket', () => checkTickets(room));
  if (story.intent) await within(nameOf(story.intent), () => checkIntent(room));
  if (story.started) await within(nameOf(story.started), () => checkStart(room));
  if (story.restored) await within(nameOf(story.restored), () => checkJob(room));
  await within(nameOf(story.closed), () => checkOutcome(room));
  const logged = [log.closed, ...(log.intent ? [log.intent] : []), ...log.proofs.values()];
  return { ...room, chain, isKnown: logged.every(({ isKnown }) => isKnown) };
}

async function within(link, check) {
  try {
    return await check();
  } catch (error) {
    throw error instanceof Malformed ? new Broken(link, error.message) : error;
  }
}

const nameOf = ({ number, kind }) => `entry ${number} (${kind})`;

async function readChain(chain, stream) {
  await within('the chain', () => demand(chain.length > 0, 'there is no entry'));
  const entries = [];
  for (const [place, entry] of chain.entries()) {
    const link = isText(entry?.kind) ? `entry ${place + 1} (${entry.kind.slice(0, 40)})` : `entry ${place + 1}`;
    entries.push(await within(link, () => readEntry(entry, stream, place + 1, entries.at(-1))));
  }
  return entries;
}

async function readEntry(entry, stream, number, last) {
  recordOf(entry, 'it', ['at', 'facts', 'kind', 'number', 'previous', 'stream']);
  demand(entry.stream === stream && entry.number === number, 'an entry is missing or out of place');
  demand(isText(entry.kind) && isRecord(entry.facts), 'it does not say what happened');
  demand(entry.previous === (last?.digest ?? FIRST), 'it does not carry the hash of the entry before');
  const time = momentOf(entry.at, 'at');
  demand(!last || last.time <= time, 'it happened before the entry before it');
  return { ...entry, time, digest: await digestOf(canonicalText(entry)) };
}

/** The entries on which the rest leans. The last intent before the start counts, or the last of all. */
function tell(chain) {
  const of = (kind) => chain.filter((entry) => entry.kind === kind);
  const [closes, starts, ends] = [of('closed'), of('restore-started'), of('restored')];
  const [[closed], [started], [restored]] = [closes, starts, ends];
  const intent = of('restore-intended').at(-1);
  demand(closes.length === 1 && closed === chain.at(-1), 'it does not end with its one close');
  demand(starts.length <= 1 && ends.length <= 1, 'a restore is started or ended twice');
  demand(!started || intent?.number < started.number, 'a restore is not intended before it is started');
  demand(!restored || started?.number < restored.number, 'a restore is not started before it ends');
  const before = (kind) => of(kind).filter(({ number }) => number < (intent ?? closed).number);
  const [tickets, copies] = [before('ticket-entitles'), before('copied-back')];
  const [asks, openings] = [before('access-intended'), before('access-opened')];
  return { closed, intent, started, restored, tickets, copies, asks, openings };
}

const digested = (proofs) =>
  Promise.all(proofs.map(async (content) => ({ content, digest: await digestOf(canonicalText(content)) })));

function checkManifest(closed, proofs) {
  const manifest = textsOf(closed.facts.proofs, 'the manifest');
  const digests = proofs.map(({ digest }) => digest);
  demand(areDifferent(manifest) && areDifferent(digests), 'a proof stands twice');
  demand(isSameSet(manifest, digests), 'the proofs are not those that the close counted');
}

async function readLog(log, story, proofs, id, trust) {
  const kept = `evidence/${id}`;
  const logged = (link, proof, key, digest) =>
    within(`the log's proof of ${link}`, () => verifyLogged(proof, `${kept}/${key}.json`, digest, trust));
  const loggedEntry = (entry, proof) =>
    logged(nameOf(entry), proof, `chain/${String(entry.number).padStart(8, '0')}`, entry.digest);
  await within('the log', () => checkLogForm(log, story, proofs));
  const found = { proofs: new Map(), intent: undefined };
  for (const { digest } of proofs) {
    const proof = await logged(`proof ${digest.slice(0, 12)}`, log.proofs[digest], `proofs/${digest}`, digest);
    found.proofs.set(digest, proof);
  }
  if (story.intent) found.intent = await loggedEntry(story.intent, log.intent);
  found.closed = await loggedEntry(story.closed, log.closed);
  await within('the log', () => checkOrder(found));
  return found;
}

function checkLogForm(log, story, proofs) {
  recordOf(log, 'it', ['closed', 'proofs', ...(story.intent ? ['intent'] : [])]);
  const digests = proofs.map(({ digest }) => digest);
  demand(isRecord(log.proofs) && isSameSet(Object.keys(log.proofs), digests), 'it is not of the proofs that there are');
}

function checkOrder({ closed, intent, proofs }) {
  const before = [...proofs.values(), ...(intent ? [intent] : [])];
  const all = [...before, closed];
  demand(areDifferent(all.map(({ index }) => index)), 'two objects have one place in it');
  demand(before.every(({ index }) => index < closed.index), 'something was logged after the close that names it');
  const roots = new Set(all.map(({ size, root }) => `${size} ${root}`));
  demand(roots.size === new Set(all.map(({ size }) => size)).size, 'it was split: it has two roots at one size');
}

/** The rules that must be satisfied: the request's own, and those of the time of the intent where they are others. */
async function rulesAt(time, intent, asked, trust) {
  const own = asked.policy;
  const now = intent && 'policy_now' in intent.facts ? textOf(intent.facts.policy_now, 'policy_now') : own.digest;
  if ([own.digest, asked.content.policy].includes(now)) {
    // Where nothing was intended, rules that changed meanwhile must not make a denial unprovable.
    const holds = intent ? trust.isInForce(own.digest, time) : trust.hasBegun(own.digest, time);
    demand(holds, 'they were not in force');
    return [own];
  }
  demand(now.startsWith('{'), 'the rules of the time of the intent are not there, only their hash');
  const also = await readPolicy(now);
  demand(trust.isInForce(also.digest, time) && trust.hasBegun(own.digest, time), 'they were not in force');
  return [own, also];
}

/** The requester's own signature, without which there is no request. */
async function openRequest(sealed, asked, policies, trust, time) {
  const { request, ...proof } = sealed;
  const word = await hear(proof, '', asked, policies, trust, time);
  demand(word.refusal === '', word.refusal);
  demand(word.decision === 'request', 'the statement asks for nothing');
  demand(word.issuedAt <= time + SKEW, 'it was signed after it was acted on');
  const isRequesters = word.signers.every(({ subject }) => subject === asked.content.requester);
  demand(isRequesters, 'it is not signed by the requester');
  const mayAsk = policies.every((policy, place) => isMember(word.signers[place], policy.requesters, policy));
  demand(mayAsk, 'the requester is not one of those who may ask');
  return word;
}

/** Enough people had approved when the witness saw the intent, and a ticket entitled to it. */
function checkIntent({ asked, opening, policies, words, log, story }) {
  const { intent, tickets, copies } = story;
  const reliedOn = textsOf(intent.facts.relied_on, 'relied_on');
  demand(areDifferent(reliedOn), 'it relies on a proof twice');
  const relied = reliedOn.map((digest) => words.find((word) => word.digest === digest));
  demand(relied.every(Boolean), 'it relies on a proof that is not there');
  const isFirst = reliedOn.every((digest) => log.proofs.get(digest).index < log.intent.index);
  demand(isFirst, 'it relies on a proof that was logged later');
  demand(words.length <= MOST_PROOFS, `there are more than ${MOST_PROOFS} proofs: somebody flooded the request`);
  const { state } = decide(relied, asked, policies, log.intent.time);
  const aside = relied.find(({ refusal }) => refusal !== '');
  const why = aside ? ` (proof ${aside.digest.slice(0, 12)}: ${aside.refusal})` : '';
  demand(state === 'approved', `by the proofs that it relies on, the request was ${state}${why}`);
  demand(tickets.length > 0 || isFreeOfTickets(asked, opening), 'no ticket of the request entitled to it before');
  checkAccess(asked.content, story);
  checkPoint(intent.facts.recovery_point, copies, asked.content);
}

/** Whether the rules want no ticket, or it follows a restore and was signed within the days for which none is needed. */
function isFreeOfTickets({ content, policy, needsTicket }, opening) {
  return !needsTicket && (!policy.needsTicket || isLately(content, opening.issuedAt));
}

/** Every ticket is the request's, and whoever approved it neither asked nor voted, where the rules say so. */
function checkTickets({ asked: { content }, policies, words, story: { intent, tickets } }) {
  const reliedOn = [intent?.facts.relied_on].flat();
  const voters = words.filter(({ digest, decision }) => decision === 'approve' && reliedOn.includes(digest));
  const barred = policies
    .filter(({ disjoint }) => disjoint.includes('ticket_approver'))
    .flatMap(({ disjoint }) => [
      ...(disjoint.includes('requester') ? [content.requester] : []),
      ...(disjoint.includes('voters') ? voters.map(({ subject }) => subject) : []),
    ]);
  for (const { facts } of tickets) {
    demand(textOf(facts.ticket, 'its ticket') === content.ticket, 'it is another one than that of the request');
    const isFree = !('approver' in facts) || (isText(facts.approver) && !barred.includes(facts.approver));
    demand(isFree, 'whoever approved it asked for the restore or voted');
  }
}

/** Where a team opens the vault, it was asked for this request's access and nothing else, and opened that then. */
function checkAccess(request, { asks, openings }) {
  if (!('approval_team' in request)) return;
  const wanted = accessOf(request);
  demand(asks.length > 0, 'its approval team was not asked before to open its vault');
  const isAsked = asks.every(({ facts }) => Object.keys(wanted).every((name) => facts[name] === wanted[name]));
  demand(isAsked, 'what its approval team was asked is not what was asked for');
  const isOpen = openings.some(({ number, facts }) => number > asks[0].number && facts.vault === wanted.vault);
  demand(isOpen, 'its approval team had not opened its vault before');
}

/** Which team opens which vault, and through which one of the account it is seen then. */
function accessOf(request) {
  const textOfRequest = (name) => textOf(request[name], `the request's ${name}`);
  const [team, region, source] = ['approval_team', 'region', 'vault'].map(textOfRequest);
  const partition = source.split(':')[1] ?? '';
  const vault = `arn:${partition}:backup:${region}:${request.account}:backup-vault:strongroom-access-${request.id}`;
  return { source, team, vault };
}

/** What is restored is what was asked for; after a copy back, what that made. */
function checkPoint(point, copies, request) {
  const isCopy = isText(point) && copies.some(({ facts }) => facts.recovery_point === point);
  const isApproved = point === request.recovery_point || (request.plan === 'copy-back' && isCopy);
  demand(isApproved, 'it is about another recovery point');
}

/** The witness saw the intent first, and nobody's denial was in the log by then. */
function checkStart({ asked, policies, words, log, story: { started } }) {
  textOf(started.facts.job, 'the job');
  demand(log.intent.time <= started.time, 'it was started before the witness saw the intent');
  const known = words.filter(({ digest }) => log.proofs.get(digest).index < log.intent.index);
  const { state } = decide(known, asked, policies, log.intent.time);
  demand(!['denied', 'cancelled'].includes(state), `the request had been ${state} before it was started`);
}

/** The job as AWS Backup described it is the one that was approved. */
function checkJob({ asked, log, story: { intent, started, restored } }) {
  const { job } = restored.facts;
  const request = asked.content;
  demand(isRecord(job), 'it does not describe the job');
  const isSame = (key, wanted) => demand(job[key] === wanted, `the job's ${key} is not what was approved`);
  isSame('Status', 'COMPLETED');
  isSame('AccountId', request.account);
  // A service's own call tells no backup and no role, but for which request it made something.
  const isCall = CALLED.includes(request.kind);
  if (isCall) isSame('Request', request.id);
  else {
    isSame('RecoveryPointArn', intent.facts.recovery_point);
    isSame('IamRoleArn', request.role);
  }
  if ('RestoreJobId' in job) isSame('RestoreJobId', started.facts.job);
  if (request.kind === AFTER) {
    isSame('Resource', request.resource);
    demand(restored.facts.created === request.resource, 'it was done on something else than what was asked for');
  }
  // A setting tells no time at which it was made, so that of its call counts.
  const created = request.kind === AFTER ? started.time : momentOf(job.CreationDate, `the job's CreationDate`);
  const isInTime = log.intent.time <= created && created <= asked.actBefore + SLACK_OF_JOB;
  demand(isInTime, 'the job was not created between the intent and the end of the request');
  const isAllKept = isRecord(job.Metadata) && isKept(request.kind === 'native' ? toldOf(request.metadata) : request.metadata, job.Metadata);
  demand(isAllKept, `the job's Metadata is not what was approved`);
}

/** FSx tells a file system's interfaces, and not the groups that it gave them. */
function toldOf(metadata) {
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => key !== 'SecurityGroupIds'));
}

/** Whether a job used all that was approved: AWS's keys are one key in whatever case, and none may have two values. */
function isKept(approved, used) {
  const [wanted, found] = [folded(approved), folded(used)];
  return [...wanted].every(([key, values]) => values.size === 1 && isSameSet([...values], [...(found.get(key) ?? [])]));
}

function folded(metadata) {
  const values = new Map();
  for (const [key, value] of Object.entries(metadata)) {
    const name = key.toLowerCase();
    values.set(name, (values.get(name) ?? new Set()).add(canonicalText(value)));
  }
  return values;
}

/** The outcome is what chain and proofs come to, and nobody's choice. */
function checkOutcome({ asked, policies, words, log, story: { closed, started, restored } }) {
  const { outcome } = closed.facts;
  const { state } = decide(words, asked, policies, log.closed.time);
  const derived = started ? [restored ? 'restored' : 'failed'] : OUTCOMES_OF[state];
  demand(isText(outcome), 'it does not say how it ended');
  demand(derived.includes(outcome), `it says ${outcome.slice(0, 40)}, and it comes to ${derived.join(' or ')}`);
}
