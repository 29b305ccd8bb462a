// A stage's secrets as a command reads and writes them. What it throws says which secret, and never what is in it.
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { Refusal } from './refusal.ts'

export class StageSecrets {
  private readonly client: SecretsManagerClient
  private readonly ids: Readonly<Record<string, string>>
  private readonly stage: string

  /** @param ids ARN by the name under which the hub asks for a secret. */
  constructor(client: SecretsManagerClient, ids: Readonly<Record<string, string>>, stage: string) {
    this.client = client
    this.ids = ids
    this.stage = stage
  }

  has(name: string): boolean {
    return this.ids[name] !== undefined
  }

  /** @throws Refusal when there is none, it is not JSON, or AWS does not give it. */
  async read(name: string): Promise<unknown> {
    const text = await this.text(name)
    try {
      return JSON.parse(text)
    } catch (error) {
      // A new secret holds a random text until somebody stores the credentials.
      throw new Refusal(
        `The secret "${name}" of ${this.stage} is not JSON: nothing has been stored in it yet. ${this.howToStore(name)} [SECRET-EMPTY]`,
        2,
        { cause: error instanceof SyntaxError ? undefined : error },
      )
    }
  }

  async write(name: string, value: object): Promise<void> {
    const id = this.idOf(name)
    const text = JSON.stringify(value)
    await this.client
      .send(new PutSecretValueCommand({ SecretId: id, SecretString: text }))
      .catch((error: unknown) => {
        throw this.refused(name, 'written', error)
      })
    // What Stripe tells once must stand before anything relies on it.
    if ((await this.text(name)) !== text)
      throw new Refusal(
        `The secret "${name}" of ${this.stage} does not read as it was written: somebody else wrote it at the same time. Run the command again. [SECRET-RACE]`,
        1,
      )
  }

  howToStore(name: string): string {
    return `Store it: aws secretsmanager put-secret-value --secret-id ${this.ids[name] ?? name} --secret-string file://${name}.json`
  }

  private async text(name: string): Promise<string> {
    const id = this.idOf(name)
    const { SecretString: text } = await this.client
      .send(new GetSecretValueCommand({ SecretId: id }))
      .catch((error: unknown) => {
        throw this.refused(name, 'read', error)
      })
    return text ?? ''
  }

  private idOf(name: string): string {
    const id = this.ids[name]
    if (id) return id
    throw new Refusal(
      `The stage ${this.stage} has no secret "${name}". Nothing was done. Deploy it again: npx cdk deploy -c stage=${this.stage} --all [SECRET-NONE]`,
    )
  }

  private refused(name: string, verb: string, error: unknown): Refusal {
    const why = error instanceof Error ? error.name : String(error)
    return new Refusal(
      `The secret "${name}" of ${this.stage} could not be ${verb} (${why}). Nothing was changed. AWS admin: the role in use needs secretsmanager:GetSecretValue and PutSecretValue on it. [SECRET-ACCESS]`,
      why === 'AccessDeniedException' ? 2 : 1,
      { cause: error },
    )
  }
}
