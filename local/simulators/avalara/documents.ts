// The recorded documents of one company and what may be done with them in which state: create, adjust, commit, lock,
// void, refund, verify. https://developer.avalara.com/avatax/dev-guide/transactions/ and the SDK's method notes
//
// A return stands on its own: "Avalara AvaTax makes no direct association to the original invoice"
// (https://help.avalara.com/Frequently_Asked_Questions/001/What_details_do_I_need_to_provide_when_creating_a_Return_Invoice_using_Avalara_AvaTax_API%3F).
// So a cancelled sale leaves its returns committed, and returns may take back more than was sold. Amounts count as sent,
// whatever the document type (https://help.avalara.com/Frequently_Asked_Questions/Miscellaneous/Does_a_return_invoice_require_a_negative_item_value%3F),
// and one document may hold both signs: a positive NT line beside a negative taxable one leaves the negative tax
// (https://help.avalara.com/Frequently_Asked_Questions/002/How_to_create_credit_tax_invoice).
//
// Readings taken, where the documentation is silent or contradicts itself:
// - createTransaction on a committed or cancelled code: GetTaxError with DocStatusError
//   (https://developer.avalara.com/blog/2017/03/03/what-is-docstatuserror/). createOrAdjust on a cancelled code records
//   a new document, because a voided one no longer counts.
// - A code that stands for two document types: DocumentCodeConflict where the call gives no documentType and the SDK
//   names no default; SalesInvoice for void, commit, lock and refund.
// - A committed document is committed again: TransactionIsCommitted. Only committed documents are locked.
// - A refund is committed, as its original must be.

import { type CalculationSettings, calculate } from './calculation.ts'
import { fromNumber, multiplyRounded, toNumber } from './decimals.ts'
import { AvaTaxRefused, notFound } from './errors.ts'
import type { DocumentType, RefundInput, TransactionInput, VerifyInput } from './model.ts'
import { type AnswerFrame, answerTransaction, type TransactionAnswer } from './transaction-answer.ts'

interface Document {
  model: TransactionInput
  answer: TransactionAnswer
}

interface Adjustment {
  adjustmentReason: string
  adjustmentDescription?: string
}

const isRecorded = (type: DocumentType): boolean => type.endsWith('Invoice')

export class Documents {
  private readonly companyCode: string
  private readonly companyId: number
  private readonly settings: CalculationSettings
  private readonly now: () => number
  /** Newest version of each code and type, in order of first recording. */
  private readonly current = new Map<string, Document>()
  private serial = 0

  constructor(companyCode: string, companyId: number, settings: CalculationSettings, now: () => number) {
    this.companyCode = companyCode
    this.companyId = companyId
    this.settings = settings
    this.now = now
  }

  all(): TransactionAnswer[] {
    return [...this.current.values()].map(({ answer }) => answer)
  }

  create(model: TransactionInput): TransactionAnswer {
    if (!isRecorded(model.type)) return this.estimate(model)
    const existing = this.stored(model)
    if (existing?.answer.locked) throw lockedDocument(existing)
    if (existing && existing.answer.status !== 'Saved') {
      throw new AvaTaxRefused('GetTaxError', 'DocStatus is invalid for this operation.', {
        description: 'Expected Saved|Posted',
        faultSubCode: 'DocStatusError',
        refersTo: 'DocStatus',
      })
    }
    return this.record(model, existing)
  }

  createOrAdjust(model: TransactionInput, adjustment: Adjustment): TransactionAnswer {
    if (!isRecorded(model.type)) return this.estimate(model)
    const existing = this.stored(model)
    if (existing?.answer.locked) throw lockedDocument(existing)
    return existing?.answer.status === 'Committed'
      ? this.record(model, existing, adjustment)
      : this.record(model, existing)
  }

  adjust(code: string, type: DocumentType | undefined, model: TransactionInput, adjustment: Adjustment) {
    const existing = this.changeable(this.find(code, type))
    if (model.type !== existing.model.type) {
      throw new AvaTaxRefused(
        'CannotAdjustDocumentType',
        `A ${existing.model.type} cannot be adjusted to a ${model.type}.`,
      )
    }
    return this.record({ ...model, code }, existing, adjustment)
  }

  get(code: string, type: DocumentType | undefined): TransactionAnswer {
    return this.find(code, type).answer
  }

  commit(code: string, type: DocumentType = 'SalesInvoice'): TransactionAnswer {
    const document = this.changeable(this.find(code, type))
    if (document.answer.status === 'Committed') {
      throw new AvaTaxRefused('TransactionIsCommitted', `Transaction '${code}' is already committed.`)
    }
    return this.change(document, { status: 'Committed' })
  }

  uncommit(code: string, type: DocumentType = 'SalesInvoice'): TransactionAnswer {
    const document = this.changeable(this.find(code, type))
    if (document.answer.status !== 'Committed') {
      throw new AvaTaxRefused('DocumentNotCommitted', `Transaction '${code}' is not committed.`)
    }
    return this.change(document, { status: 'Saved' })
  }

  lock(code: string, type: DocumentType = 'SalesInvoice'): TransactionAnswer {
    const document = this.find(code, type)
    if (document.answer.status !== 'Committed') {
      throw new AvaTaxRefused('InvalidDocumentStatus', 'Only a committed transaction can be locked.')
    }
    return this.change(document, { locked: true })
  }

  /** Only DocVoided cancels a recorded sale; DocDeleted removes what was never committed. */
  void(code: string, type: DocumentType = 'SalesInvoice', voidCode: string): TransactionAnswer {
    const document = this.changeable(this.find(code, type))
    if (voidCode === 'DocVoided') return this.change(document, { status: 'Cancelled' })
    if (voidCode !== 'DocDeleted' || document.answer.status === 'Committed') {
      throw new AvaTaxRefused(
        'InvalidDocumentStatus',
        `A ${document.answer.status} transaction cannot be voided with the code ${voidCode}.`,
      )
    }
    this.current.delete(keyOf(code, type))
    return { ...document.answer, status: 'Cancelled' }
  }

  unvoid(code: string, type: DocumentType = 'SalesInvoice'): TransactionAnswer {
    const document = this.find(code, type)
    if (document.answer.status !== 'Cancelled') {
      throw new AvaTaxRefused('TransactionNotCancelled', `Transaction '${code}' is not cancelled.`)
    }
    return this.change(document, { status: document.model.commit ? 'Committed' : 'Saved' })
  }

  verify(code: string, type: DocumentType | undefined, expected: VerifyInput): TransactionAnswer {
    const { answer } = this.find(code, type)
    if (answer.status === 'Cancelled') {
      throw new AvaTaxRefused('InvalidDocumentStatusForVerify', 'A cancelled transaction cannot be verified.')
    }
    const { verifyTransactionDate, verifyTotalAmount, verifyTotalTax } = expected
    if (verifyTransactionDate !== undefined && verifyTransactionDate !== answer.date) {
      throw new AvaTaxRefused('DateMismatch', `The date in AvaTax is ${answer.date}.`)
    }
    if (verifyTotalAmount !== undefined && verifyTotalAmount !== answer.totalAmount) {
      throw new AvaTaxRefused('TotalAmountMismatch', `The total amount in AvaTax is ${answer.totalAmount}.`)
    }
    if (verifyTotalTax !== undefined && verifyTotalTax !== answer.totalTax) {
      throw new AvaTaxRefused('TotalTaxMismatch', `The total tax in AvaTax is ${answer.totalTax}.`)
    }
    return answer
  }

  /** The refund returns exactly the tax that was recorded, whatever the rates are by now. */
  refund(code: string, type: DocumentType = 'SalesInvoice', request: RefundInput): TransactionAnswer {
    const original = this.find(code, type)
    if (type !== 'SalesInvoice') {
      throw new AvaTaxRefused('InvalidDocumentTypeForRefund', `A ${type} cannot be refunded.`)
    }
    if (original.answer.status !== 'Committed') {
      throw new AvaTaxRefused('DocumentNotCommitted', `Transaction '${code}' is not committed.`)
    }
    const percent = refundPercent(request)
    const wanted = new Set(request.refundLines ?? [])
    const numbers = (original.answer.lines ?? []).map(({ lineNumber }) => lineNumber ?? '')
    if (request.refundType === 'Partial' && wanted.size === 0) {
      throw new AvaTaxRefused('RefundLinesRequired', 'A partial refund names its lines.')
    }
    if ([...wanted].some((number) => !numbers.includes(number))) {
      throw new AvaTaxRefused('LineNoOutOfRange', 'A line of the refund is not on the original transaction.')
    }
    const share = (value: number) => toNumber(-multiplyRounded(fromNumber(value), percent, 2, 100_000_000n))
    const lines = original.model.lines.flatMap((line, index) => {
      const recorded = original.answer.lines?.[index]
      if (!recorded || (wanted.size > 0 && !wanted.has(recorded.lineNumber ?? ''))) return []
      return [
        {
          ...line,
          number: recorded.lineNumber ?? line.number,
          taxIncluded: false,
          amount: request.refundType === 'TaxOnly' ? 0 : share(recorded.lineAmount ?? 0),
          taxOverride: {
            type: 'TaxAmount' as const,
            taxAmount: share(recorded.tax ?? 0),
            reason: `Refund of ${code}`,
          },
        },
      ]
    })
    return this.create({
      ...original.model,
      taxOverride: undefined,
      type: 'ReturnInvoice',
      code: request.refundTransactionCode ?? `${code}-R`,
      date: request.refundDate,
      referenceCode: request.referenceCode ?? code,
      commit: true,
      lines,
    })
  }

  private estimate(model: TransactionInput): TransactionAnswer {
    return this.answer(model, { id: 0, code: model.code ?? '', status: 'Temporary', version: 1 })
  }

  private record(
    model: TransactionInput,
    existing: Document | undefined,
    adjustment?: Adjustment,
  ): TransactionAnswer {
    const code = model.code ?? `sim-${String(this.serial + 1).padStart(12, '0')}`
    const frame = {
      id: this.serial + 1,
      code,
      status: model.commit ? 'Committed' : 'Saved',
      version: adjustment ? (existing?.answer.version ?? 0) + 1 : 1,
      ...(adjustment ? { adjustmentReason: adjustment.adjustmentReason } : {}),
      ...(adjustment ? { adjustmentDescription: adjustment.adjustmentDescription ?? '' } : {}),
    }
    const answer = this.answer(model, frame)
    this.serial += 1
    this.current.set(keyOf(code, model.type), { model: { ...model, code }, answer })
    return answer
  }

  private answer(model: TransactionInput, frame: Pick<AnswerFrame, 'id' | 'code' | 'status' | 'version'>) {
    return answerTransaction(model, calculate(model, this.settings), {
      companyId: this.companyId,
      modifiedDate: new Date(this.now()).toISOString(),
      adjustmentReason: 'NotAdjusted',
      adjustmentDescription: '',
      ...frame,
    })
  }

  private stored(model: TransactionInput): Document | undefined {
    return model.code === undefined ? undefined : this.current.get(keyOf(model.code, model.type))
  }

  private find(code: string, type: DocumentType | undefined): Document {
    const found = [...(['SalesInvoice', 'ReturnInvoice', 'PurchaseInvoice'] as const)]
      .filter((candidate) => type === undefined || candidate === type)
      .flatMap((candidate) => this.current.get(keyOf(code, candidate)) ?? [])
    const [only, second] = found
    if (!only) throw notFound('Document', `${this.companyCode} - ${code}`)
    if (second) {
      throw new AvaTaxRefused('DocumentCodeConflict', 'Cannot uniquely identify document', {
        description: `Two documents exist for the company '${this.companyCode}' with the document code '${code}'.  Please void one of them using its ID number.`,
      })
    }
    return only
  }

  private changeable(document: Document): Document {
    if (document.answer.locked) throw lockedDocument(document)
    if (document.answer.status === 'Cancelled') {
      throw new AvaTaxRefused(
        'TransactionAlreadyCancelled',
        `Transaction '${document.answer.code}' is already cancelled.`,
      )
    }
    return document
  }

  private change(document: Document, change: Partial<TransactionAnswer>): TransactionAnswer {
    document.answer = {
      ...document.answer,
      ...change,
      modifiedDate: new Date(this.now()).toISOString(),
    }
    return document.answer
  }
}

const keyOf = (code: string, type: DocumentType): string => `${type}/${code}`

const lockedDocument = ({ answer }: Document): AvaTaxRefused =>
  new AvaTaxRefused('CannotModifyLockedTransaction', 'Modifying a locked document is not allowed.', {
    description: `Document ${answer.code} is locked. Modification is not allowed.`,
  })

/** Percent of the original, in millionths of a percent. */
const refundPercent = ({ refundType, refundPercentage, refundLines }: RefundInput): bigint => {
  if (refundType !== 'Percentage') return 100_000_000n
  if (refundLines && refundLines.length > 0) {
    throw new AvaTaxRefused('RefundTypeAndLineMismatch', 'A percentage refund names no lines.')
  }
  if (refundPercentage === undefined) {
    throw new AvaTaxRefused('RefundPercentageMissing', 'A percentage refund needs refundPercentage.')
  }
  if (refundPercentage <= 0 || refundPercentage > 100) {
    throw new AvaTaxRefused('RefundPercentageOutOfRange', 'refundPercentage must be between 0 and 100.')
  }
  return fromNumber(refundPercentage)
}
