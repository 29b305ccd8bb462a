// The life of a recorded document through the real SDK: what is possible in which state, and AvaTax's refusals.
import type { RefundTransactionModel } from 'avatax/lib/models/RefundTransactionModel.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Account, BERLIN, type Body, document, openAccount, SELLER, signIn } from './client.fixture.ts'

let account: Account

beforeEach(async () => {
  account = await openAccount()
})

afterEach(() => account.server.close())

const sale = (code: string, amount = 100, extra: Body = {}) =>
  document(BERLIN, amount, { type: 'SalesInvoice', code, commit: true, ...extra })

const create = (model: ReturnType<typeof sale>) => account.client.createTransaction({ model })
const createOrAdjust = (model: ReturnType<typeof sale>) =>
  account.client.createOrAdjustTransaction({ model: { createTransactionModel: model } })
const at = (transactionCode: string) => ({ companyCode: 'DEFAULT', transactionCode })
const REFUND: RefundTransactionModel = JSON.parse('{"refundDate":"2026-05-10"}')
const DOC_VOIDED = 3
const RETURN_INVOICE = 5

const recorded = () =>
  account.simulator
    .documents()
    .map(({ code, type, status, version, totalTax }) => [code, type, status, version, totalTax])

describe('recording', () => {
  it('keeps invoices and forgets orders', async () => {
    await create(document(BERLIN, 100, { code: 'in_1' }))
    await create(sale('in_1', 100, { commit: false }))
    expect(recorded()).toEqual([['in_1', 'SalesInvoice', 'Saved', 1, 19]])
  })

  it('takes enums by number too, as the SDK sends them, and answers by name', async () => {
    expect(await create(sale('in_1', 100, { type: 1 }))).toMatchObject({
      type: 'SalesInvoice',
      status: 'Committed',
    })
  })

  it('replaces a saved code, and refuses a committed one', async () => {
    await create(sale('in_1', 100, { commit: false }))
    await create(sale('in_1', 200))
    await expect(create(sale('in_1', 300))).rejects.toMatchObject({
      code: 'GetTaxError',
      details: [{ number: 300, faultSubCode: 'DocStatusError', description: 'Expected Saved|Posted' }],
    })
    expect(recorded()).toEqual([['in_1', 'SalesInvoice', 'Committed', 1, 38]])
  })

  it('adjusts a committed code with createOrAdjust, however often', async () => {
    await createOrAdjust(sale('in_1', 100))
    await createOrAdjust(sale('in_1', 200))
    await createOrAdjust(sale('in_1', 200))
    expect(recorded()).toEqual([['in_1', 'SalesInvoice', 'Committed', 3, 38]])
  })

  it('lets a return share the code of its sale, with a negative override where one is given', async () => {
    await create(sale('in_1'))
    const taxOverride = { type: 'TaxAmount', taxAmount: -9, reason: 'As charged' }
    const model = document(
      BERLIN,
      -50,
      { type: 'ReturnInvoice', code: 'in_1', commit: true },
      { taxOverride },
    )
    expect(await create(model)).toMatchObject({ totalAmount: -50, totalTax: -9, totalTaxCalculated: -9.5 })
    await expect(account.client.getTransactionByCode(at('in_1'))).rejects.toMatchObject({
      code: 'DocumentCodeConflict',
    })
    expect(
      await account.client.getTransactionByCode({ ...at('in_1'), documentType: RETURN_INVOICE }),
    ).toMatchObject({ type: 'ReturnInvoice' })
  })

  it.each([
    ['customerCode', { customerCode: undefined }, 'ValueRequiredError'],
    ['date', { date: undefined }, 'ValueRequiredError'],
    ['lines', { lines: undefined }, 'ValueRequiredError'],
    ['companyCode', { companyCode: undefined }, 'ValueRequiredError'],
    ['an empty list of lines', { lines: [] }, 'MissingLine'],
    ['a code of 51 characters', { code: 'x'.repeat(51) }, 'StringLengthError'],
    ['a customer code of 51 characters', { customerCode: 'x'.repeat(51) }, 'StringLengthError'],
    [
      'an address line of 51 characters',
      { addresses: { shipFrom: SELLER, shipTo: { ...BERLIN, line1: 'x'.repeat(51) } } },
      'StringLengthError',
    ],
    ['an unknown type', { type: 'Invoice' }, 'InvalidEnumValue'],
    ['another company', { companyCode: 'OTHER' }, 'EntityNotFoundError'],
  ])('is refused for %s', async (_name, extra, code) => {
    await expect(create(sale('in_1', 100, extra))).rejects.toMatchObject({ code })
    expect(recorded()).toEqual([])
  })

  it('takes codes of 28 and 50 characters', async () => {
    await create(sale('in_1AbCdEfGhIjKlMnOpQrStUvWx'))
    await create(sale('x'.repeat(50)))
    expect(recorded()).toHaveLength(2)
  })
})

describe('after recording', () => {
  it('commits once', async () => {
    await create(sale('in_1', 100, { commit: false }))
    const commit = () => account.client.commitTransaction({ ...at('in_1'), model: { commit: true } })
    expect(await commit()).toMatchObject({ status: 'Committed' })
    await expect(commit()).rejects.toMatchObject({ code: 'TransactionIsCommitted' })
  })

  it('voids once, and then frees the code for createOrAdjust', async () => {
    await create(sale('in_1'))
    const cancel = () => account.client.voidTransaction({ ...at('in_1'), model: { code: DOC_VOIDED } })
    expect(await cancel()).toMatchObject({ status: 'Cancelled' })
    await expect(cancel()).rejects.toMatchObject({ code: 'TransactionAlreadyCancelled' })
    await expect(create(sale('in_1'))).rejects.toMatchObject({ code: 'GetTaxError' })
    expect(await createOrAdjust(sale('in_1', 200))).toMatchObject({ status: 'Committed', totalTax: 38 })
  })

  it('changes nothing that is locked', async () => {
    await create(sale('in_1'))
    const { client, simulator } = account
    simulator.lock('in_1')
    const locked = { code: 'CannotModifyLockedTransaction', details: [{ number: 1100 }] }
    await expect(createOrAdjust(sale('in_1', 200))).rejects.toMatchObject(locked)
    await expect(create(sale('in_1', 200))).rejects.toMatchObject(locked)
    await expect(
      client.voidTransaction({ ...at('in_1'), model: { code: DOC_VOIDED } }),
    ).rejects.toMatchObject(locked)
    expect(simulator.documents()).toMatchObject([{ locked: true, status: 'Committed', totalTax: 19 }])
  })

  it('locks only what is committed', async () => {
    await create(sale('in_1', 100, { commit: false }))
    await expect(
      account.client.lockTransaction({ ...at('in_1'), model: { isLocked: true } }),
    ).rejects.toMatchObject({ code: 'InvalidDocumentStatus' })
  })

  it('adjusts with a reason', async () => {
    await create(sale('in_1'))
    const answer = await account.client.adjustTransaction({
      ...at('in_1'),
      model: { adjustmentReason: 4, newTransaction: sale('in_1', 50) },
    })
    expect(answer).toMatchObject({ version: 2, adjustmentReason: 'PriceAdjusted', totalTax: 9.5 })
  })

  it('verifies date, amount and tax', async () => {
    await create(sale('in_1'))
    const verify = (expected: Body) => account.client.verifyTransaction({ ...at('in_1'), model: expected })
    expect(
      await verify({ verifyTransactionDate: '2026-05-01', verifyTotalAmount: 100, verifyTotalTax: 19 }),
    ).toMatchObject({ code: 'in_1' })
    await expect(verify({ verifyTransactionDate: '2026-05-02' })).rejects.toMatchObject({
      code: 'DateMismatch',
    })
    await expect(verify({ verifyTotalAmount: 99 })).rejects.toMatchObject({ code: 'TotalAmountMismatch' })
    await expect(verify({ verifyTotalTax: 19.01 })).rejects.toMatchObject({ code: 'TotalTaxMismatch' })
  })

  it('refunds the recorded tax, in whole or in part', async () => {
    const taxOverride = { type: 'TaxAmount', taxAmount: 18.5, reason: 'As charged' }
    await create(document(BERLIN, 100, { type: 'SalesInvoice', code: 'in_1', commit: true }, { taxOverride }))
    const refund = (refundTransactionCode: string, extra: Body) =>
      account.client.refundTransaction({
        ...at('in_1'),
        model: { ...REFUND, refundTransactionCode, ...extra },
      })
    expect(await refund('cn_1', {})).toMatchObject({
      type: 'ReturnInvoice',
      totalAmount: -100,
      totalTax: -18.5,
    })
    expect(await refund('cn_2', { refundType: 'Percentage', refundPercentage: 50 })).toMatchObject({
      totalAmount: -50,
      totalTax: -9.25,
    })
    expect(await refund('cn_3', { refundType: 'TaxOnly' })).toMatchObject({ totalAmount: 0, totalTax: -18.5 })
    await expect(refund('cn_4', { refundType: 'Percentage' })).rejects.toMatchObject({
      code: 'RefundPercentageMissing',
    })
  })

  it('reads by a code with escaped characters, and says 4 when there is none', async () => {
    await create(sale('a/b+c?d#e'))
    const escaped = 'a_-ava2f-_b_-ava2b-_c_-ava3f-_d_-ava23-_e'
    expect(await account.client.getTransactionByCode(at(escaped))).toMatchObject({ code: 'a/b+c?d#e' })
    await expect(account.client.getTransactionByCode(at('in_9'))).rejects.toMatchObject({
      code: 'EntityNotFoundError',
      details: [{ number: 4, message: "Document with ID 'DEFAULT - in_9' not found." }],
    })
  })

  it('reads lines only when they are asked for', async () => {
    await create(sale('in_1'))
    const get = (include?: string) => account.client.getTransactionByCode({ ...at('in_1'), include })
    expect((await get()).lines).toBeUndefined()
    expect((await get('Lines')).lines).toMatchObject([{ lineNumber: '1', tax: 19 }])
    expect((await get('Lines')).lines?.[0]?.details).toBeUndefined()
    expect((await get('Details')).lines?.[0]?.details).toMatchObject([{ jurisName: 'GERMANY', tax: 19 }])
  })
})

describe('the list', () => {
  it('filters by date, pages, and looks back 30 days when no date is named', async () => {
    for (let day = 1; day <= 5; day += 1) await create(sale(`in_${day}`, day, { date: `2026-05-0${day}` }))
    await create(sale('in_old', 9, { date: '2026-01-31' }))
    const list = (filter?: string, top?: number, skip?: number) =>
      account.client.listTransactionsByCompany({ companyCode: 'DEFAULT', filter, top, skip })
    const codes = async (...query: Parameters<typeof list>) =>
      (await list(...query)).value.map(({ code }) => code)
    expect(await codes()).toEqual(['in_1', 'in_2', 'in_3', 'in_4', 'in_5'])
    expect(await codes("date ge '2026-05-02' and date lt 2026-05-04")).toEqual(['in_2', 'in_3'])
    expect(await codes("date between '2026-01-01' and '2026-02-01' and status eq Committed")).toEqual([
      'in_old',
    ])
    const first = await list("date ge '2026-01-01'", 4)
    expect(first).toMatchObject({ '@recordsetCount': 6, value: { length: 4 } })
    expect(Reflect.get(first, '@nextLink')).toContain('%24skip=4')
    expect(await codes("date ge '2026-01-01'", 4, 4)).toEqual(['in_5', 'in_old'])
    await expect(account.client.listTransactionsByCompany({ companyCode: 'OTHER' })).rejects.toMatchObject({
      code: 'EntityNotFoundError',
    })
    await expect(list('colour eq red')).rejects.toMatchObject({ code: 'InvalidQueryField' })
  })
})

describe('the account', () => {
  it('answers a ping without credentials, and nothing else', async () => {
    const stranger = signIn(account.server, 'wrong')
    expect(await stranger.ping()).toMatchObject({ authenticated: false })
    expect(await account.client.ping()).toMatchObject({ authenticated: true })
    await expect(stranger.createTransaction({ model: sale('in_1') })).rejects.toMatchObject({
      code: 'AuthenticationException',
      details: [{ number: 30 }],
    })
  })

  it('shows its company and where it has nexus', async () => {
    const companies = await account.client.queryCompanies({})
    expect(companies.value).toMatchObject([{ companyCode: 'DEFAULT', isDefault: true }])
    const nexus = await account.client.listNexusByCompany({ companyId: companies.value[0]?.id ?? 0 })
    expect(nexus.value).toContainEqual(expect.objectContaining({ country: 'US', region: 'CA' }))
  })
})

describe('on command', () => {
  it('answers 429 with a body that the SDK takes for success', async () => {
    account.simulator.faults.add({ effect: 'rate_limited', times: 1, retryAfterSeconds: 2 })
    expect(await create(sale('in_1'))).toEqual({ message: 'API rate limit exceeded' })
    expect(recorded()).toEqual([])
  })

  it.each([
    ['server_error', 'InternalServerError'],
    ['unavailable', 'FormatException'],
    ['expired_credential', 'AuthenticationException'],
  ] as const)('words %s as %s', async (effect, code) => {
    account.simulator.faults.add({ effect, times: 1 })
    await expect(create(sale('in_1'))).rejects.toMatchObject({ code })
    expect(recorded()).toEqual([])
  })

  it('records and then does not answer', async () => {
    account.simulator.faults.add({ effect: 'timeout_after', times: 1 })
    await expect(create(sale('in_1'))).rejects.toThrow('timeout')
    expect(recorded()).toEqual([['in_1', 'SalesInvoice', 'Committed', 1, 19]])
  })
})

describe('a return', () => {
  const returned = (code: string, lines: Body[]) =>
    document(BERLIN, 0, { type: 'ReturnInvoice', code, commit: true, lines })

  it('is tied to no sale: it stays when the sale is cancelled, and may take back more than was sold', async () => {
    await create(sale('in_1', 100))
    await create(returned('cn_1', [{ number: '1', amount: -150 }]))
    await account.client.voidTransaction({ ...at('in_1'), model: { code: DOC_VOIDED } })
    expect(recorded()).toEqual([
      ['in_1', 'SalesInvoice', 'Cancelled', 1, 19],
      ['cn_1', 'ReturnInvoice', 'Committed', 1, -28.5],
    ])
  })

  it('takes lines of both signs: a positive one that is not taxed beside a negative one leaves the negative tax', async () => {
    const answer = await create(
      returned('cn_1', [
        { number: '1', amount: -100 },
        { number: '2', amount: 100, taxCode: 'NT' },
      ]),
    )
    expect(answer).toMatchObject({ totalAmount: 0, totalTaxable: -100, totalExempt: 100, totalTax: -19 })
  })
})
