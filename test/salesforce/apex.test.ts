// Apex is compiled by an org alone; that it parses, and says what the rest of the project counts on, is seen here.
import { ApexErrorListener, ApexParserFactory } from '@apexdevtools/apex-parser'
import { expect, it } from 'vitest'
import { listFiles, readText } from './metadata.ts'

class Errors extends ApexErrorListener {
  readonly found: string[] = []

  override apexSyntaxError(line: number, column: number, message: string): void {
    this.found.push(`${line}:${column} ${message}`)
  }
}

const syntaxErrors = (source: string): string[] => {
  const errors = new Errors()
  const parser = ApexParserFactory.createParser(source)
  parser.removeErrorListeners()
  parser.addErrorListener(errors)
  parser.compilationUnit()
  return errors.found
}

/** The parser builds its tables as it first runs: seconds, and many of them on a busy machine. */
const PARSING_MS = 180_000

it(
  'is free of syntax errors, class by class, with an API version beside each',
  () => {
    expect(syntaxErrors('public class Broken { void run( { } }')).not.toEqual([])
    const classes = listFiles('.cls')
    expect(classes).toHaveLength(2)
    for (const path of classes) {
      expect(syntaxErrors(readText(path)), path).toEqual([])
      expect(readText(`${path}-meta.xml`)).toContain('<apiVersion>65.0</apiVersion>')
    }
  },
  PARSING_MS,
)

it('sends what the hub takes: path, header, and a body of names alone', () => {
  const source = readText('force-app/main/default/classes/SwitchyardQuotePush.cls')
  expect(source).toContain("'callout:Switchyard_Hub/salesforce/quotes'")
  expect(source).toContain("'Switchyard-Signature'")
  const [, body = ''] = /JSON\.serialize\(\s*new Map<String, String>\{([^}]*)\}/.exec(source) ?? []
  expect([...body.matchAll(/'(\w+)' =>/g)].map(([, key]) => key)).toEqual([
    'id',
    'type',
    'quoteId',
    'object',
    'orgId',
  ])
})

it('signs with the parameter of the external credential that the named credential uses', () => {
  const source = readText('force-app/main/default/classes/SwitchyardQuotePush.cls')
  expect(source).toContain('BLOB($Credential.Switchyard_Hub.Secret)')
  const named = readText('force-app/main/default/namedCredentials/Switchyard_Hub.namedCredential-meta.xml')
  expect(named).toContain('<externalCredential>Switchyard_Hub</externalCredential>')
  // Without it the formula would leave Salesforce as text.
  expect(named).toContain('<allowMergeFieldsInHeader>true</allowMergeFieldsInHeader>')
  const external = readText(
    'force-app/main/default/externalCredentials/Switchyard_Hub.externalCredential-meta.xml',
  )
  expect(external).toContain('<parameterName>Hub</parameterName>')
  const sales = readText('force-app/main/default/permissionsets/Switchyard_Sales.permissionset-meta.xml')
  expect(sales).toContain('<externalCredentialPrincipal>Switchyard_Hub-Hub</externalCredentialPrincipal>')
  // The secret is in no file.
  expect(`${named}${external}`).not.toMatch(/Secret<\/parameterName>/)
})
