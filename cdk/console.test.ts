// The console's part of the template: deployed where it is configured, and each of its functions able to do its own part only.
import { Match, Template } from 'aws-cdk-lib/assertions'
import { beforeAll, expect, it } from 'vitest'
import { registry } from '../functions/connectors/registry.ts'
import { consoleConfig } from '../shared/sign-in/config.ts'
import { stageOf } from './synthesize.fixture.ts'

function synthesize(isOn: boolean): Template {
  const { hub } = stageOf({
    journalsRevenue: false,
    ...(isOn && {
      console: consoleConfig.parse({
        issuer: 'https://login.example.com/',
        clientId: 'switchyard-console',
        roles: { view: ['support'], replay: ['operations'] },
      }),
    }),
  })
  return Template.fromStack(hub)
}

let template: Template
beforeAll(() => {
  template = synthesize(true)
})

interface Statement {
  Action: string | string[]
  Resource: unknown
  Condition?: unknown
}

function statementsOf(role: string): Statement[] {
  const policies = Object.entries(template.findResources('AWS::IAM::Policy')).filter(([id]) =>
    id.startsWith(`${role}ServiceRole`),
  )
  expect(policies).toHaveLength(1)
  return policies.flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement as Statement[])
}

const actionsOf = (role: string): string[] =>
  statementsOf(role)
    .flatMap(({ Action }) => Action)
    .filter((action) => !action.startsWith('xray:'))
    .sort()

it('without the key in hub.config.ts there is none', () => {
  const routes = Object.values(synthesize(false).findResources('AWS::ApiGatewayV2::Route'))
  expect(
    routes.map(({ Properties }) => Properties.RouteKey).filter((key) => key.includes('console')),
  ).toEqual([])
})

it('reading answers GET, and two routes alone act', () => {
  const routes = Object.values(template.findResources('AWS::ApiGatewayV2::Route'))
    .map(({ Properties }) => String(Properties.RouteKey))
    .filter((key) => key.includes('console'))
  expect(routes.sort()).toEqual([
    'GET /console',
    'GET /console/{page}',
    'POST /console/note',
    'POST /console/replay',
  ])
})

it('what reads sends nothing and writes nothing but rows of plans', () => {
  const actions = actionsOf('ConsoleRead')
  expect(actions.filter((action) => /^sqs:/.test(action))).toEqual(
    registry.map(() => 'sqs:GetQueueAttributes'),
  )
  expect(actions.filter((action) => /^dynamodb:/.test(action))).toEqual([
    'dynamodb:GetItem',
    'dynamodb:PutItem',
    'dynamodb:Query',
  ])
  const [writing] = statementsOf('ConsoleRead').filter(({ Action }) =>
    [Action].flat().includes('dynamodb:PutItem'),
  )
  expect(writing?.Condition).toEqual({ 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['PLAN#*'] } })
  expect(JSON.stringify(statementsOf('ConsoleRead'))).not.toMatch(
    /netsuitesecret|salesforcesecret|avalarasecret/,
  )
})

it('what acts sends touches to projecting lanes, records it, and reads no secret', () => {
  const actions = actionsOf('ConsoleAct')
  expect([...new Set(actions)].filter((action) => !/^(sqs|logs|xray):/.test(action))).toEqual([
    'dynamodb:GetItem',
    'dynamodb:PutItem',
    'dynamodb:Query',
    'dynamodb:UpdateItem',
  ])
  expect(actions.filter((action) => action === 'sqs:SendMessage')).toHaveLength(4)
  const statements = JSON.stringify(statementsOf('ConsoleAct'))
  expect(statements).not.toMatch(/secretsmanager|lambda:Invoke|lakequeue|ReceiveMessage/)
  expect(statements).toContain('"dynamodb:LeadingKeys":["PLAN#*","ACT#*","NOTE#*"]')
})

it('each system is looked into by a function of its own, with its own credential and no queue', () => {
  for (const name of ['netsuite', 'salesforce', 'avalara']) {
    const statements = JSON.stringify(statementsOf(`Console${name}Look`))
    expect(statements).toContain(`${name}secret`)
    expect(statements).not.toMatch(/sqs:|PutItem|UpdateItem/)
  }
  template.hasResourceProperties('AWS::Lambda::Function', {
    Handler: 'index.look',
    Environment: { Variables: Match.objectLike({ HUB_QUEUES: '{}' }) },
  })
})

it('says where people open it, and which address to register', () => {
  template.hasOutput('*', { Description: 'The console, for people' })
  template.hasOutput('*', { Description: Match.stringLikeRegexp('redirect address') })
})
