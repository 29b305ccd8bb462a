// A dispute as journals, one for each movement of the Stripe balance: what the bank took waits as a disputed receivable, the
// fee is spent, what comes back goes back. A lost one is an expense, or owed by the customer again, by the configuration.
// What comes back at another exchange rate than it was taken at clears the disputed receivable all the same: the difference is
// an exchange gain or loss. The invoice and its payment stay as they were posted. ACH and SEPA debits that are returned after
// they succeeded arrive as disputes too. In the currency in which Stripe settles. PURE.
import type Stripe from 'stripe'
import type { RemoteRecord } from '../../../shared/connector/contract.ts'
import { type Money, money } from '../../../shared/money/money.ts'
import { type Context, type DocumentName, RECORDS } from './books.ts'
import { clearingAccount } from './clearing.ts'
import type { NetSuiteConfig } from './config.ts'
import { disputedOf, type Movement, movementsOf } from './dispute-movements.ts'
import { type Head, headsOf, mapped, receivableOf } from './document-head.ts'
import { type JournalLine, journalRecord, transfer } from './journals.ts'
import { spokenAmount } from './parked.ts'
import { documentName } from './stripe-fields.ts'

type DisputeContext = Omit<Extract<Context, { root: 'dispute' }>, 'root'>

export function disputeDates(
  dispute: Stripe.Dispute,
  lostAtSeconds: number | undefined,
): [DocumentName, number][] {
  const dates = dispute.balance_transactions.map(({ id, created }): [DocumentName, number] => [
    RECORDS.disputeMovement(dispute.id, id),
    created,
  ])
  if (lostAtSeconds === undefined) return dates
  const back = afterLoss(dispute, lostAtSeconds).at(0)
  return [
    ...dates,
    [RECORDS.disputeLost(dispute.id), lostAtSeconds],
    ...(back ? [[RECORDS.disputeWonBack(dispute.id), back.created] as [DocumentName, number]] : []),
  ]
}

const afterLoss = ({ balance_transactions }: Stripe.Dispute, lostAtSeconds: number) =>
  balance_transactions.filter(({ created }) => created > lostAtSeconds)

export function projectDispute(
  dispute: Stripe.Dispute,
  context: DisputeContext,
  config: NetSuiteConfig,
): RemoteRecord[] {
  // A payment that no invoice knows is not in these books, nor is its dispute; an inquiry has taken nothing yet.
  const [first] = dispute.balance_transactions
  if (context.invoiceId === undefined || !first) return []
  const { lostAtSeconds } = context
  const name = `Dispute ${documentName({ id: dispute.id, currency: first.currency }, movedMinor(first))}`
  const head = headsOf({
    document: name,
    title: 'Dispute',
    number: null,
    stripeId: dispute.id,
    customerId: context.customerId,
    currency: first.currency,
  })
  const movements = movementsOf(dispute)
  const records = movements.map((movement) =>
    movementRecord(
      head(
        RECORDS.disputeMovement(dispute.id, movement.transaction.id),
        'Dispute',
        movement.transaction.created,
      ),
      movement,
      context,
      config,
    ),
  )
  if (lostAtSeconds === undefined) return records
  const isLater = ({ transaction }: Movement): boolean => transaction.created > lostAtSeconds
  const lost = money(disputedOf(movements.filter((each) => !isLater(each))), first.currency)
  if (lost.amountMinor <= 0n) return records
  const lostHead = head(RECORDS.disputeLost(dispute.id), 'Dispute lost', lostAtSeconds)
  records.push(journalRecord(lostHead, lossLines(lostHead, lost, context, config), context, config))
  const [back] = afterLoss(dispute, lostAtSeconds)
  const undone = money(disputedOf(movements.filter(isLater)), first.currency)
  if (back && undone.amountMinor < 0n) {
    // Won in arbitration after it had been lost: the loss is undone by as much as came back of it.
    const top = head(RECORDS.disputeWonBack(dispute.id), 'Dispute won after all', back.created)
    records.push(journalRecord(top, lossLines(top, undone, context, config), context, config))
  }
  return records
}

const magnitude = (amountMinor: bigint): bigint => (amountMinor < 0n ? -amountMinor : amountMinor)

const movedMinor = ({ amount }: Stripe.BalanceTransaction): bigint => magnitude(BigInt(amount))

const MISSING = {
  code: 'NS-DISPUTE',
  why: 'disputes have no accounts yet.',
  where: 'netsuite.disputes (receivableAccount, feeAccount, lossAccount)',
}

function movementRecord(
  top: Head,
  { transaction, disputedMinor }: Movement,
  context: DisputeContext,
  config: NetSuiteConfig,
): RemoteRecord {
  const amount = money(transaction.amount, transaction.currency)
  const fee = money(transaction.fee, transaction.currency)
  const taken = { ...amount, amountMinor: -amount.amountMinor }
  const disputed = { ...amount, amountMinor: disputedMinor }
  const memo = amount.amountMinor < 0n ? 'Withdrawn for a dispute' : 'Reinstated after a dispute'
  const lines: JournalLine[] = [
    { account: mapped(context.books.disputedId, top, MISSING), side: 'debit', amount: disputed, memo },
    ...exchangeLines(
      top,
      { ...amount, amountMinor: taken.amountMinor - disputedMinor },
      context.books.disputeExchangeId,
    ),
    {
      account: mapped(context.books.disputeFeeId, top, MISSING),
      side: 'debit',
      amount: fee,
      memo: 'Dispute fee',
    },
    {
      account: clearingAccount(top, amount.currency, context.books),
      side: 'credit',
      amount: { ...taken, amountMinor: taken.amountMinor + fee.amountMinor },
      memo,
    },
  ]
  return journalRecord(top, lines, context, config)
}

function exchangeLines(top: Head, lost: Money, accountId: string | undefined): JournalLine[] {
  if (lost.amountMinor === 0n) return []
  const account = mapped(accountId, top, {
    code: 'NS-DISPUTE-EXCHANGE',
    why: `it came back at another exchange rate than it was taken at, and no account is mapped for the difference of ${spokenAmount({ ...lost, amountMinor: magnitude(lost.amountMinor) })}.`,
    where: 'netsuite.disputes.exchangeAccount',
  })
  return [{ account, side: 'debit', amount: lost, memo: 'Exchange difference of a dispute' }]
}

function lossLines(top: Head, lost: Money, { books }: DisputeContext, config: NetSuiteConfig): JournalLine[] {
  const disputed = mapped(books.disputedId, top, MISSING)
  const reopens = (books.disputeWhenLost ?? config.disputes?.whenLost) === 'reopen'
  const memo = reopens ? 'Dispute lost: owed again' : 'Dispute lost'
  const to = reopens
    ? receivableOf(top, books)
    : mapped(books.disputeLossId, top, {
        code: 'NS-DISPUTE-LOSS',
        why: 'it was lost, and no account is mapped for the loss.',
        where: 'netsuite.disputes.lossAccount (or netsuite.disputes.whenLost: "reopen")',
      })
  return transfer({ account: disputed, memo }, { account: to, memo }, lost)
}
