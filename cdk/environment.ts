// Which AWS account and region a stage goes to: hub.config.ts first, else what the CDK CLI was started with. A
// disagreement stops the synthesis with one sentence: a stage in the wrong account is the costliest typing error.
import { RegionInfo } from 'aws-cdk-lib/region-info'
import type { Deployment } from '../functions/connectors/deployment.ts'

export interface StageEnvironment {
  account?: string
  region?: string
}

/** It becomes part of stack, database and workgroup names. */
const STAGE_NAME = /^[a-z][a-z0-9-]{0,19}$/

export function checkStageName(stage: string): string {
  if (STAGE_NAME.test(stage)) return stage
  throw new Error(
    `The stage "${stage}" cannot name stacks: write -c stage=<name> with lower-case letters, digits and dashes, 20 at most, a letter first. Nothing was synthesized.`,
  )
}

/** @param cli what the CDK CLI found out from the shell's profile; the account is absent where there are no credentials. */
export function stageEnvironment(
  stage: string,
  { account, region }: Pick<Deployment, 'account' | 'region'>,
  cli: StageEnvironment,
): StageEnvironment {
  if (region !== undefined) checkRegion(stage, region)
  if (account !== undefined && cli.account !== undefined && account !== cli.account) {
    throw new Error(
      `hub.config.ts → deployment.account (stage ${stage}) is ${account}, but this shell's AWS credentials belong to ${cli.account}. Nothing was synthesized. Use the profile of ${account} (cdk --profile …), or correct the number.`,
    )
  }
  const chosen = { account: account ?? cli.account, region: region ?? cli.region }
  return {
    ...(chosen.account !== undefined && { account: chosen.account }),
    ...(chosen.region !== undefined && { region: chosen.region }),
  }
}

function checkRegion(stage: string, region: string): void {
  const known = RegionInfo.regions.map(({ name }) => name)
  if (known.includes(region)) return
  const area = region.slice(0, region.indexOf('-') + 1)
  const near = known.filter((name) => name.startsWith(area))
  throw new Error(
    `hub.config.ts → deployment.region (stage ${stage}): AWS has no region "${region}". Nothing was synthesized. Write one of ${(near.length > 0 ? near : known).join(', ')}.`,
  )
}
