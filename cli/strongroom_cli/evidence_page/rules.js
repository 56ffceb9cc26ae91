// What was asked for, and the rules of one place (`strongroom-policy/1`) that it carries.

// Requests that a person wrote: all metadata of a job, or the parameters of a service's own call.
const WRITTEN = ['raw', 'native'];
// A request that follows a restore: for so many seconds it needs no ticket of its own.
const AFTER = 'after';
const WITHOUT_TICKET = 7 * 24 * 3600;
const CALLED = ['native', AFTER];
// What follows a restore and is not grave by its call, and of notifications under which key stands who is called.
const HARMLESS = ['dynamodb:UpdateTable', 'dynamodb:UpdateTimeToLive', 's3:PutLifecycleConfiguration'];
const CALLED_BY = {
  LambdaFunctionConfigurations: 'LambdaFunctionArn', QueueConfigurations: 'QueueArn', TopicConfigurations: 'TopicArn',
};
const ALGORITHMS = ['ES256', 'RS256', 'EdDSA'];
const DISJOINT = ['ticket_approver', 'requester', 'voters'];
const REQUEST_TEXTS = [
  'account', 'id', 'plan', 'policy', 'reason', 'recovery_point', 'requester', 'role', 'target_name',
];

async function readRequest(text) {
  const request = readCanonical(textOf(text, 'the request'));
  demand(isRecord(request), 'it is no record');
  for (const name of REQUEST_TEXTS) textOf(request[name], name);
  // The id stands in the keys under which the log holds the objects.
  demand(/^r-[a-z0-9]+$/.test(request.id), 'the id is none of a restore');
  demand(isRecord(request.metadata), 'metadata is no record');
  const kind = 'kind' in request ? request.kind : 'restore';
  demand(!('parts' in request) && ['restore', ...WRITTEN, AFTER].includes(kind), 'this reader judges single restores only');
  demand('call' in request === CALLED.includes(kind), 'a call is of some kinds of requests');
  checkFollowing(request);
  if ('tier' in request) textOf(request.tier, 'tier');
  if ('risks' in request) textsOf(request.risks, 'risks');
  const policy = await readPolicy(request.policy);
  const needsTicket = policy.needsTicket && !followsLately(request);
  if (needsTicket) textOf(request.ticket, 'ticket');
  const approveBefore = momentOf(request.approve_before, 'approve_before');
  const actBefore = momentOf(request.act_before, 'act_before');
  demand(approveBefore <= actBefore, 'act_before lies before approve_before');
  const risks = risksOf(request);
  return { content: request, digest: await digestOf(text), policy, needsTicket, approveBefore, actBefore, risks };
}

/** What follows a restore names that, and what it acts on. */
function checkFollowing(request) {
  if (request.kind !== AFTER) return;
  for (const name of ['call', 'resource']) textOf(request[name], name);
  demand(/^r-[a-z0-9]+$/.test(textOf(request.of, 'of')), 'of is none of a restore');
  demand(/^[0-9a-f]{64}$/.test(textOf(request.of_closed, 'of_closed')), 'of_closed is no hash');
  demand(request.plan === 'local' && !('incident' in request), 'what follows a restore copies nothing and is not urgent');
  const restored = momentOf(request.of_restored_at, 'of_restored_at');
  demand(momentOf(request.requested_at, 'requested_at') >= restored, 'it was asked for before the restore');
}

/** Whether it follows a restore closely enough that it needs no ticket. */
function followsLately(request) {
  if (request.kind !== AFTER || 'ticket' in request) return false;
  return isLately(request, momentOf(request.requested_at, 'requested_at'));
}

function isLately(request, time) {
  return time - momentOf(request.of_restored_at, 'of_restored_at') <= WITHOUT_TICKET;
}

async function readPolicy(text) {
  const needed = ['format', 'groups', 'people', 'presence_max_age', 'requesters', 'rules'];
  const known = ['delay', 'device_bound', 'disjoint', 'issuer', 'ticket'];
  // A key that is not known here might bound something, so that it is no key of rules that can be judged.
  const policy = recordOf(readCanonical(text), 'the rules', needed, known);
  const { delay = 0, device_bound: deviceBound = false, disjoint = DISJOINT, issuer, ticket = null } = policy;
  demand(policy.format === 'strongroom-policy/1', 'the rules are of another format');
  demand(isText(policy.requesters), 'the rules do not say who may ask');
  const areSeconds = [policy.presence_max_age, delay].every((each) => isCount(each, 0, MOST_SECONDS));
  demand(areSeconds, 'a time of the rules is no number of seconds');
  demand(typeof deviceBound === 'boolean', 'device_bound is neither true nor false');
  demand(isTexts(disjoint) && disjoint.every((each) => DISJOINT.includes(each)), 'disjoint names somebody unknown');
  demand(ticket === null || ticket === 'none' || isRecord(ticket), 'ticket is neither a record nor none');
  demand(Array.isArray(policy.rules) && isRecord(policy.groups) && isRecord(policy.people), 'the rules have no form');
  policy.rules.forEach(checkRule);
  Object.values(policy.groups).forEach(checkGroup);
  Object.values(policy.people).forEach(checkPerson);
  if (issuer !== undefined) checkIssuer(issuer);
  return { ...policy, digest: await digestOf(text), delay, deviceBound, disjoint, needsTicket: ticket !== 'none' };
}

function checkRule(rule) {
  recordOf(rule, 'a rule', ['group', 'needed'], ['when']);
  demand(isText(rule.group) && isCount(rule.needed, 1), 'a rule does not say how many of which group');
  const when = recordOf(rule.when ?? {}, 'when', [], ['risks', 'tiers']);
  demand(rule.when !== null && Object.values(when).every(isTexts), 'when is no list of texts');
}

function checkGroup(group) {
  if (Array.isArray(group)) return textsOf(group, 'a group');
  const { claim, value } = recordOf(group, 'a group', ['claim', 'value']);
  return demand(isText(claim) && isText(value), 'a group by claim is no text');
}

function checkPerson(person) {
  const { passkeys } = recordOf(person, 'a person', ['passkeys']);
  demand(Array.isArray(passkeys), 'passkeys is no list');
  for (const passkey of passkeys) {
    recordOf(passkey, 'a passkey', ['algorithm', 'id', 'public_key']);
    demand(isText(passkey.id) && ALGORITHMS.includes(passkey.algorithm), 'a passkey is of no known kind');
    bytesOfBase64Url(passkey.public_key, 'a public key');
  }
}

function checkIssuer(issuer) {
  recordOf(issuer, 'issuer', ['assurance', 'client_id', 'issuer', 'subject_claim'], ['tenant']);
  const { issuer: name, subject_claim: subject, client_id: clients, tenant = '-' } = issuer;
  demand(isTexts([name, subject, tenant]) && isTexts([clients].flat()), 'issuer is no text');
  const { claim, any_of: anyOf = [], all_of: allOf = [] } = recordOf(
    issuer.assurance, 'assurance', ['claim'], ['any_of', 'all_of'],
  );
  demand(isText(claim) && isTexts(anyOf) && isTexts(allOf), 'assurance is no text');
}

/** The group of each seat that has to be taken: one person takes one seat. */
function seatsOf(policy, asked) {
  const counting = policy.rules.filter(({ when = {} }) => isAbout(when, asked));
  return counting.flatMap(({ group, needed }) => Array(Math.min(needed, MOST_PROOFS + 1)).fill(group));
}

/** Whether a rule counts for the request; of what is not known of it, any rule does. */
function isAbout({ tiers, risks }, { content, risks: known }) {
  const isTier = !tiers || !('tier' in content) || tiers.includes(content.tier);
  const isRisk = !risks || known === null || risks.some((risk) => known.includes(risk));
  return isTier && isRisk;
}

/** The risks that are stated, with those that follow from type and way; null, which is any, where that is not known. */
function risksOf(request) {
  const type = 'resource_type' in request ? textOf(request.resource_type, 'resource_type') : '';
  const vault = 'vault' in request ? textOf(request.vault, 'vault') : '';
  const temporary = 'temporary_vault' in request ? textOf(request.temporary_vault, 'temporary_vault') : '';
  const { recovery_point: point, account, plan } = request;
  const known = Object.hasOwn(RISKS_OF_TYPES, type) ? RISKS_OF_TYPES[type] : null;
  if (!('risks' in request) || !known?.services.includes(partOf(point, 2))) return null;
  const isElsewhere = request.kind !== AFTER && [point, vault].some((arn) => !['', account].includes(partOf(arn, 4)));
  const written = isGrave(request) ? ['elevated'] : [];
  const follows = plan !== 'local' || isElsewhere ? known.of_copy_back : [];
  const isTemporary = isTemporaryVault(temporary, account);
  const ofCopy = follows.filter((risk) => risk !== 'vault-key' || !isTemporary);
  return [...request.risks, ...written, ...known.of_type, ...ofCopy];
}

/** Whether the stricter rule decides on it by its kind, or by its call and the parameter of that. */
function isGrave({ kind, call, metadata, account }) {
  if (kind !== AFTER) return WRITTEN.includes(kind);
  if (call !== 's3:PutBucketNotification') return !HARMLESS.includes(call);
  const { NotificationConfiguration: text, ...more } = metadata;
  if (typeof text !== 'string' || Object.keys(more).length > 0) return true;
  try {
    const said = readCanonical(text);
    return !isRecord(said) || !Object.entries(said).every(([name, each]) => staysWithin(name, each, account));
  } catch (error) {
    if (error instanceof Malformed) return true;
    throw error;
  }
}

/** Whether whoever is called by that key of notifications is of the account. */
function staysWithin(name, said, account) {
  if (name === 'EventBridgeConfiguration') return isRecord(said) && Object.keys(said).length === 0;
  if (!Object.hasOwn(CALLED_BY, name) || !Array.isArray(said)) return false;
  const key = CALLED_BY[name];
  const known = [key, 'Events', 'Filter', 'Id'];
  return said.every(
    (one) => isRecord(one) && Object.keys(one).every((each) => known.includes(each))
      && typeof one[key] === 'string' && partOf(one[key], 4) === account,
  );
}

/** Whether it is the account's temporary vault, under whose key whatever comes back may stay. */
function isTemporaryVault(vault, account) {
  const [, , service, , owner, ...resource] = vault.split(':');
  return service === 'backup' && owner === account && resource.join(':') === 'backup-vault:strongroom-restores';
}

/** That part of an ARN; nothing of what is none. */
function partOf(arn, place) {
  const parts = arn.split(':');
  return parts.length >= 6 ? parts[place] : '';
}

/** Whether somebody is in a group: by the rules' list, or by what the person's ID token claims. */
function isMember({ subject, claims }, group, policy) {
  const members = policy.groups[group] ?? [];
  if (Array.isArray(members)) return members.includes(subject);
  return [claims[members.claim]].flat().includes(members.value);
}
