// The worked cases as a page for accountants. Made from the cases themselves; a test compares it with the README.
import type { BooksCase, Family } from './case.ts'

const HEAD = `# Worked cases

What happens in Stripe, and every document that then stands in NetSuite and AvaTax: with its date, period, accounts and
amounts. Each case is played on its own against the simulated vendors ([play-cases.ts](play-cases.ts)); the figures are
written out by hand in \`cases/\`. This page is made from them: \`npx vitest run test/books/table.test.ts -u\` writes it anew.

How to read a line of NetSuite: \`type external id (memo) · date · posting period · item amount + item amount = total ·
Dr account, Cr account (in the subsidiary's currency) · settles what · open\`. In AvaTax: \`type code · date · amount + tax ·
status\`. With SuiteTax the tax is told by its details: \`tax amount at rate\`. \`in_1\` is the first invoice of a case, \`inpay_1\` its first payment, \`cn_1\` its first credit note, \`re_1\` a refund,
\`du_1\` a dispute, \`po_1\` a payout, \`txn_1\` the first movement of the Stripe balance, \`cbtxn_1\` of a customer's balance.
After each case more is asked: what is open in NetSuite for an invoice is what Stripe still wants for it; a
clearing account holds the Stripe balance and the fees that are not posted yet; no posted document was written to again. And
\`hub close\` of October and November ties, or names what stands under the case.

| account | | account | | item | |
|---|---|---|---|---|---|
| 111–115 | receivables USD EUR GBP JPY KWD | 213 | customer credit balances | 801, 802 | Team plan, Business plan (to 411) |
| 121–125 | Stripe clearing, the same order | 411, 412, 413 | revenue of plans, usage, services | 805, 806 | usage, onboarding and shipping |
| 131–135 | bank, the same order | 611 | bad debt and its recovery | 808 | sales tax (to 211) |
| 141 | disputed receivable | 612 | Stripe's fees | 810 | write-off (to 611) |
| 211 | sales tax payable | 613 | dispute losses | 811 | goodwill (to 614) |
| 212 | prepaid credits; deferred revenue | 614, 711, 713 | goodwill; realized gain and loss; of disputes | 812, 814 | customer balance (to 213); deferred (to 212) |
`

export function tableOf(families: readonly Family[]): string {
  const count = families.reduce((sum, family) => sum + family.cases.length, 0)
  const chapters = families.map(
    ({ title, about, cases }) => `## ${title}\n\n${about}\n\n${cases.map(section).join('\n')}`,
  )
  return `${HEAD}\n${count} cases.\n\n${chapters.join('\n')}`
}

function section({
  number,
  title,
  netsuite,
  avatax,
  jurisdictions,
  balances,
  close,
  parked,
}: BooksCase): string {
  const parts = [
    block('NetSuite', netsuite),
    block('AvaTax', avatax),
    block('by jurisdiction', jurisdictions ?? []),
    block('balances', balances ?? []),
    block('waits for a person', parked ?? []),
    block('hub close names', close ?? []),
  ]
  return `### ${number} ${title}\n\n\`\`\`text\n${parts.join('')}\`\`\`\n`
}

const block = (name: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : `${name}\n${lines.map((line) => `  ${line}\n`).join('')}`
