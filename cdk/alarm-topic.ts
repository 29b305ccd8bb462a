// Where alarms go; whoever is on call subscribes. Asking for TLS replaces the policy that SNS gives a topic, and with it
// CloudWatch's right to publish, so that stands here too.
import { Stack } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Topic } from 'aws-cdk-lib/aws-sns'
import type { Construct } from 'constructs'
import { stageMeans } from './stage-means.ts'

export function createAlarmTopic(scope: Construct, id: string): Topic {
  const { key } = stageMeans(scope)
  const topic = new Topic(scope, id, { enforceSSL: true, ...(key && { masterKey: key.key }) })
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
  topic.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  )
  return topic
}
