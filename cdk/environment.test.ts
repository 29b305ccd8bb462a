import { expect, it } from 'vitest'
import { checkStageName, stageEnvironment } from './environment.ts'

it('goes where hub.config.ts says, else where the shell is', () => {
  expect(stageEnvironment('production', { region: 'eu-central-1' }, { region: 'us-east-1' })).toEqual({
    region: 'eu-central-1',
  })
  expect(stageEnvironment('staging', {}, { account: '111122223333', region: 'us-east-1' })).toEqual({
    account: '111122223333',
    region: 'us-east-1',
  })
  expect(stageEnvironment('staging', { account: '111122223333' }, {})).toEqual({ account: '111122223333' })
})

it('stops a stage on its way into another account', () => {
  expect(() =>
    stageEnvironment('production', { account: '111122223333' }, { account: '444455556666' }),
  ).toThrow(
    "hub.config.ts → deployment.account (stage production) is 111122223333, but this shell's AWS credentials belong to 444455556666. Nothing was synthesized. Use the profile of 111122223333 (cdk --profile …), or correct the number.",
  )
})

it('stops at a region that AWS does not have, and names those near it', () => {
  expect(() => stageEnvironment('staging', { region: 'eu-centrall-1' }, {})).toThrow(
    /AWS has no region "eu-centrall-1"\. Nothing was synthesized\. Write one of (?!.*us-east-1).*eu-central-1/,
  )
})

it.each(['Production', 'a_b', '1st', 'a-name-that-is-far-too-long', ''])(
  'refuses the stage name "%s", of which no stack can be named',
  (stage) => {
    expect(() => checkStageName(stage)).toThrow('write -c stage=<name>')
  },
)

it('takes the usual ones', () => {
  for (const stage of ['staging', 'production', 'eu-2']) expect(checkStageName(stage)).toBe(stage)
})
