// What checks the templates while they are made: cdk-nag's rules of AWS Solutions. A finding stops `cdk synth`; where
// a rule is not for us, the reason stands at the construct it is about.
import { type App, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import type { IConstruct } from 'constructs'

export function addChecks(app: App): void {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
}

/** @param rule without its pack's name: `S1`, `IAM5[Resource::*]`. */
export function acceptFinding(construct: IConstruct, rule: string, reason: string): void {
  Validations.of(construct).acknowledge({ id: `AwsSolutions-${rule}`, reason })
}
