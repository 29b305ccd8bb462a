// The one make-believe AWS account that all embedded services share: its region, its number and its ARNs.
// The number is all zeros, as other local emulators use it, so that nobody takes an ARN for a real one.

export const REGION = 'us-east-1'
export const ACCOUNT_ID = '000000000000'

export const queueArn = (queueName: string): string => `arn:aws:sqs:${REGION}:${ACCOUNT_ID}:${queueName}`
export const functionArn = (functionName: string): string =>
  `arn:aws:lambda:${REGION}:${ACCOUNT_ID}:function:${functionName}`
export const eventSourceMappingArn = (uuid: string): string =>
  `arn:aws:lambda:${REGION}:${ACCOUNT_ID}:event-source-mapping:${uuid}`
export const secretArn = (secretName: string): string =>
  `arn:aws:secretsmanager:${REGION}:${ACCOUNT_ID}:secret:${secretName}-000000`

/** What an AWS SDK v3 client needs to reach an embedded service: everything else about the client stays as in the cloud. */
export interface ClientConfig {
  region: string
  endpoint: string
  credentials: { accessKeyId: string; secretAccessKey: string }
}

export const clientConfig = (endpoint: string): ClientConfig => ({
  region: REGION,
  endpoint,
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
})
