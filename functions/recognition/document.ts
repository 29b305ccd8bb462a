// What a run did, as a document for machines: `hub recognize -o json` and the log. Amounts are major units as texts; names
// stay as they are once somebody reads them.
import type { JsonObject } from '../../shared/connector/contract.ts'
import { toDecimal } from '../../shared/money/money.ts'
import type { HandledJournal, RecognitionReport } from './recognize.ts'
import { recognizedOf } from './stored-journal.ts'

export function recognitionDocument(report: RecognitionReport): JsonObject {
  const { through, firstOpenMonth, isDryRun, journals, storedBefore, refused, breaks } = report
  return {
    v: 1,
    through,
    firstOpenMonth,
    dryRun: isDryRun,
    storedBefore,
    journals: journals.map(journalDocument),
    refused: refused.map((each) => ({ ...each })),
    breaks: breaks.map(({ code, where, currency, month, expectedMinor, actualMinor, text }) => ({
      code,
      where,
      currency,
      ...(month !== undefined && { month }),
      expected: toDecimal({ amountMinor: expectedMinor, currency }),
      actual: toDecimal({ amountMinor: actualMinor, currency }),
      text,
    })),
  }
}

function journalDocument({ journal, state, isLeftOver, period, error }: HandledJournal): JsonObject {
  return {
    state,
    leftOver: isLeftOver,
    recognized: toDecimal({ amountMinor: recognizedOf(journal), currency: journal.currency }),
    ...(period && {
      period: period.name,
      ...(period.insteadOf !== undefined && { insteadOf: period.insteadOf }),
    }),
    ...(error && {
      error: {
        code: error.code,
        message: error.message,
        ...(error.hint !== undefined && { hint: error.hint }),
        ...(error.detail !== undefined && { detail: error.detail }),
      },
    }),
    journal: JSON.parse(JSON.stringify(journal)),
  }
}

/** One line of log a journal: ids, sums and what became of it. */
export function journalLine({ journal, state, isLeftOver, error }: HandledJournal): JsonObject {
  return {
    line: 'revenue journal',
    journal: journal.journalId,
    state,
    leftOver: isLeftOver,
    recognized: toDecimal({ amountMinor: recognizedOf(journal), currency: journal.currency }),
    entries: journal.entries.length,
    ...(error && { kind: error.kind, code: error.code }),
  }
}
