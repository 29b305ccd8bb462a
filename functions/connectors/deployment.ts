// Where and how a stage is deployed: the part `deployment` of hub.config.ts. Everything has a default that needs
// nothing, so that a first `cdk deploy` works with an empty object. Only the CDK app reads it.
import * as z from 'zod'

/** What CloudWatch Logs keeps; any other number is refused at deployment, half an hour later. */
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
const RETENTION_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653]

const AWS_ACCOUNT = z.string().regex(/^\d{12}$/, 'an AWS account id, 12 digits in quotes')
const AWS_REGION = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'an AWS region, for example "eu-central-1"')

const throttle = z.strictObject({
  /** Requests a second, in the long run. */
  ratePerSecond: z.int().positive(),
  /** Requests at once, above that. */
  burst: z.int().positive(),
})

const network = z.strictObject({
  /**
   * `new`: a VPC of the hub's own, with a NAT gateway and a fixed address in each zone. Or one that you have: its
   * private subnets must reach the vendors, and AWS itself, by your own gateways.
   */
  vpc: z.union(
    [
      z.literal('new'),
      z.strictObject({
        id: z.string().regex(/^vpc-/),
        availabilityZones: z.array(z.string()).min(1),
        privateSubnets: z.array(z.string().regex(/^subnet-/)).min(1),
      }),
    ],
    'either "new", or { id: "vpc-…", availabilityZones: ["…"], privateSubnets: ["subnet-…"] }',
  ),
  /** Of a new VPC: how many zones, each with an address and a NAT gateway. */
  zones: z.int().min(1).max(3).default(2),
})

export const deploymentConfig = z
  .strictObject({
    /** The AWS account; absent: that of the credentials which the CDK CLI runs with. Where given, they must agree. */
    account: AWS_ACCOUNT.optional(),
    /** The AWS region; absent: that of the CDK CLI. */
    region: AWS_REGION.optional(),
    /** False: `cdk destroy` deletes ledger, lake and queues. For a stage that you throw away. */
    keepData: z.boolean().default(true),
    /** Of the functions' logs and the API's access logs. */
    logRetentionDays: z
      .int()
      .refine((days) => RETENTION_DAYS.includes(days), `one of ${RETENTION_DAYS.join(', ')}`)
      .default(90),
    /** `customer` makes a KMS key of your own, rotated each year, for table, bucket, queues, secrets and logs. */
    encryptionKey: z.enum(['aws', 'customer']).default('aws'),
    api: z
      .strictObject({
        /** Of every route that is not named in `routes`. What is over it gets 429, and Stripe sends it again later. */
        throttle: throttle.prefault({ ratePerSecond: 500, burst: 1_000 }),
        /** By route as it is listened on: `{ "POST /tax/estimate": { ratePerSecond: 20, burst: 40 } }`. */
        routes: z
          .record(z.string().regex(/^[A-Z]+ \//, 'a route, for example "POST /stripe/webhook"'), throttle)
          .default({}),
      })
      .prefault({}),
    lake: z
      .strictObject({
        /** The first day that queries look at. Each day since costs a query one listing of S3. */
        since: z.iso.date('a day, for example "2026-01-01"').default('2026-01-01'),
        /** A query of Athena that reads more is cut off. $5 a terabyte. */
        scanLimitGb: z.int().min(1).max(7_000_000).default(100),
        /** Results hold personal data and are deleted after so many days. */
        resultDays: z.int().min(1).default(7),
        /** A role and the SQL with which Redshift reads the lake's files. */
        redshift: z.boolean().default(false),
      })
      .prefault({}),
    /**
     * Stripe's event destination "Amazon EventBridge", as a second way in. Its name, as the EventBridge console shows
     * it: `aws.partner/stripe.com/ed_…`. Deploy within 7 days of making the destination; after that AWS has deleted the
     * source. Webhooks go on working beside it.
     */
    eventSource: z
      .string()
      .regex(/^aws\.partner\/stripe\.com\/ed_/, 'a partner event source (aws.partner/stripe.com/ed_…)')
      .optional(),
    /** Functions that call a vendor do so from fixed addresses, for vendors that allow listed ones only. */
    network: network.optional(),
    /** CloudFront and WAF in front of the API. */
    edge: z
      .strictObject({
        /** Requests of one address in five minutes; the rest get 403. Stripe sends from few addresses. */
        requestsPer5Minutes: z.int().min(10).max(2_000_000_000).default(10_000),
      })
      .optional(),
  })
  .refine(({ edge, region }) => !edge || region !== undefined, {
    path: ['region'],
    message:
      'a region must be written here when `edge` is on: the web firewall of CloudFront lives in us-east-1, and the hub must know whether it lives elsewhere',
  })

export type Deployment = z.output<typeof deploymentConfig>
