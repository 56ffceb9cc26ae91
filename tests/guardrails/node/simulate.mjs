// Reads {"scps": [document, ...], "cases": [{principal, action, resource, context}, ...]} and prints, for each case, the
// Sids of the statements that refuse it and the context keys that the action does not know.
import { readFileSync } from 'node:fs'
import { createValidatedPolicy, validateIdentityPolicy, validateServiceControlPolicy } from '@cloud-copilot/iam-policy'
import { runSimulation } from '@cloud-copilot/iam-simulate'

// The engine compares the same few names of operators at each condition, and a comparison by locale is slow.
const compare = String.prototype.localeCompare
const compared = new Map()
String.prototype.localeCompare = function (other, locales, options) {
  const asked = JSON.stringify([this, other, locales, options])
  if (!compared.has(asked)) compared.set(asked, compare.call(this, other, locales, options))
  return compared.get(asked)
}

const everything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }

// A key answers to nobody whom its own policy does not name.
const ownedBy = (account) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'kms:*', Resource: '*' }]
})

// A role is lent to nobody whom its own trust does not name.
const lentTo = (principal) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: principal }, Action: 'sts:*' }]
})

const resourcePolicyOf = ({ principal, action, account }) => {
  if (action.startsWith('kms:')) return ownedBy(account)
  return action === 'sts:AssumeRole' ? lentTo(principal) : undefined
}

async function judge({ principal, action, resource, context }, { identityPolicies, serviceControlPolicies }) {
  const account = principal.split(':')[4]
  const answer = await runSimulation(
    {
      request: {
        principal,
        action,
        resource: { resource, accountId: account },
        contextVariables: { 'aws:PrincipalArn': principal, 'aws:PrincipalAccount': account, ...context }
      },
      identityPolicies,
      serviceControlPolicies,
      resourceControlPolicies: [],
      resourcePolicy: resourcePolicyOf({ principal, action, account })
    },
    {}
  )
  if (answer.resultType === 'error') return { error: JSON.stringify(answer.errors) }
  const results = answer.resultType === 'single' ? [answer.result] : answer.results
  const denials = results.flatMap((each) => each.analysis.scpAnalysis.ouAnalysis.flatMap((level) => level.denyStatements))
  return {
    overall: answer.overallResult,
    sids: [...new Set(denials.map((each) => each.statement.sid()))],
    ignored: [...new Set(results.flatMap((each) => each.ignoredContextKeys ?? []))]
  }
}

const { scps, cases } = JSON.parse(readFileSync(0, 'utf8'))
// They are the same for every case, so each is validated once.
const attached = {
  identityPolicies: [{ name: 'everything', policy: createValidatedPolicy(everything, validateIdentityPolicy) }],
  serviceControlPolicies: [
    {
      orgIdentifier: 'unit',
      policies: [everything, ...scps].map((policy, at) => ({
        name: `${at}`,
        policy: createValidatedPolicy(policy, validateServiceControlPolicy)
      }))
    }
  ]
}
const verdicts = []
for (const each of cases) verdicts.push(await judge(each, attached))
console.log(JSON.stringify(verdicts))
