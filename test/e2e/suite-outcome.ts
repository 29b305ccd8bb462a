// What a suite's report says of an engine that is known to differ from AWS in some tests: exactly those may fail.

export type SuiteOutcome = { fullName: string; status: string; failureMessages?: string[] | null }[]

/** @returns a sentence for each failure that is not known, and for each known one that did not happen. */
export function judgeSuite(outcome: SuiteOutcome, deviations: Readonly<Record<string, string>>): string[] {
  const failed = outcome.filter(({ status }) => status === 'failed')
  const names = new Set(failed.map(({ fullName }) => fullName.trim()))
  return [
    ...failed
      .filter(({ fullName }) => !(fullName.trim() in deviations))
      .map(
        ({ fullName, failureMessages }) =>
          `failed: ${fullName}: ${failureMessages?.[0]?.split('\n')[0] ?? ''}`,
      ),
    ...Object.keys(deviations)
      .filter((name) => !names.has(name))
      .map((name) => `passes now, or is gone; take it off the list of deviations: ${name}`),
  ]
}
