// Questions that finance asks, as SQL that Athena and DuckDB both understand: saved queries in the cloud, examples for
// `hub sql` on the laptop. Amounts are minor units.

export interface Question {
  name: string
  asks: string
  sql: string
}

export const QUESTIONS: readonly Question[] = [
  {
    name: 'invoiced-paid-credited',
    asks: 'To the cent: what was invoiced, paid and credited, per currency',
    sql: `select currency, count(*) as invoices, sum(total) as total, sum(tax) as tax, sum(amount_paid) as paid,
       sum(amount_remaining) as remaining, sum(pre_payment_credit_notes_amount + post_payment_credit_notes_amount) as credited
from invoices where status in ('open', 'paid', 'uncollectible', 'void') group by currency order by currency`,
  },
  {
    name: 'lines-add-up',
    asks: 'Do the lines add up? (none should come back)',
    sql: `select i.id, i.number, i.subtotal, sum(l.amount) as lines from invoices i join invoice_line_items l on l.invoice_id = i.id
group by i.id, i.number, i.subtotal having sum(l.amount) <> i.subtotal`,
  },
  {
    name: 'cash-by-day',
    asks: 'Cash in by day, from payments and not from invoice status',
    sql: `select date_trunc('day', status_transitions_paid_at) as day, currency, sum(amount_paid) as cash
from invoice_payments where status = 'paid' group by 1, 2 order by 1, 2`,
  },
  {
    name: 'overdue',
    asks: 'Who is overdue',
    sql: `select c.name, i.number, i.amount_remaining, i.currency, i.due_date from invoices i join customers c on c.id = i.customer_id
where i.status = 'open' and i.due_date < current_timestamp order by i.due_date`,
  },
  {
    name: 'invoiced-by-product',
    asks: 'What was invoiced of each product, by month',
    sql: `select date_trunc('month', i.status_transitions_finalized_at) as month, p.name, l.currency, sum(l.amount) as invoiced
from invoice_line_items l join invoices i on i.id = l.invoice_id left join products p on p.id = l.product_id
where i.status in ('open', 'paid', 'uncollectible') group by 1, 2, 3 order by 1, 2, 3`,
  },
]
