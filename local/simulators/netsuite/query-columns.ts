// The tables and columns that SuiteQL knows here, as SQLite column lists.
//
// Columns: Records Catalog (SuiteAnalytics), and for receivables https://meir.prolecto.com/2023/02/19/sql-ar-and-ap-fields/
// Left out on purpose, as SuiteQL does not have them: customer.balance, transaction.total, transaction.subsidiary
// (it stands on the line), customer.subsidiary (it stands in customersubsidiaryrelationship).
export const STANDARD_COLUMNS: Record<string, string> = {
  transaction: `
    id integer, externalid text, tranid text, transactionnumber text, type text, abbrevtype text,
    recordtype text, trandate text, postingperiod integer, entity integer, currency integer,
    exchangerate numeric, foreigntotal numeric, foreignamountpaid numeric, foreignamountunpaid numeric,
    foreignpaymentamountused numeric, foreignpaymentamountunused numeric, status text, voided text,
    posting text, memo text, otherrefnum text, duedate text, createddate text, lastmodifieddate text,
    trandisplayname text, reversal integer, reversaldate text, isreversal text`,
  transactionline: `
    "transaction" integer, id integer, uniquekey integer, linesequencenumber integer, mainline text,
    taxline text, item integer, itemtype text, quantity numeric, rate numeric, foreignamount numeric,
    netamount numeric, creditforeignamount numeric, debitforeignamount numeric, foreignamountpaid
    numeric, foreignamountunpaid numeric, foreignpaymentamountused numeric, foreignpaymentamountunused
    numeric, entity integer, subsidiary integer, department integer, class integer, location integer,
    memo text, createdfrom integer`,
  transactionaccountingline: `
    "transaction" integer, transactionline integer, accountingbook integer, account integer, accounttype
    text, amount numeric, debit numeric, credit numeric, netamount numeric, amountpaid numeric,
    amountunpaid numeric, paymentamountused numeric, paymentamountunused numeric, posting text,
    exchangerate numeric`,
  nexttransactionlinelink: `
    previousdoc integer, previousline integer, previoustype text, nextdoc integer, nextline integer,
    nexttype text, linktype text, foreignamount numeric, lastmodifieddate text`,
  previoustransactionlinelink: `
    previousdoc integer, previousline integer, previoustype text, nextdoc integer, nextline integer,
    nexttype text, linktype text, foreignamount numeric, lastmodifieddate text`,
  customer: `
    id integer, externalid text, entityid text, altname text, companyname text, isperson text, firstname
    text, lastname text, email text, phone text, currency integer, isinactive text, parent integer,
    datecreated text, lastmodifieddate text`,
  customersubsidiaryrelationship: 'id integer, entity integer, subsidiary integer, isprimarysub text',
  item: `
    id integer, externalid text, itemid text, fullname text, displayname text, itemtype text, subtype
    text, incomeaccount integer, isinactive text`,
  account: `
    id integer, externalid text, acctnumber text, accountsearchdisplayname text, fullname text, accttype
    text, currency integer, isinactive text`,
  accountingperiod: `
    id integer, periodname text, startdate text, enddate text, parent integer, isyear text, isquarter
    text, isadjust text, isposting text, closed text, alllocked text, arlocked text, aplocked text,
    allownonglchanges text`,
  currency: `
    id integer, externalid text, name text, symbol text, exchangerate numeric, currencyprecision
    integer, isbasecurrency text, isinactive text`,
  subsidiary: `
    id integer, externalid text, name text, fullname text, currency integer, country text, isinactive
    text`,
  subsidiarytaxregistration: `
    id integer, subsidiary integer, nexus integer, taxengine integer, taxregistrationnumber text,
    effectivefrom text, validuntil text`,
  department: 'id integer, externalid text, name text, fullname text, isinactive text',
  classification: 'id integer, externalid text, name text, fullname text, isinactive text',
  location: 'id integer, externalid text, name text, fullname text, isinactive text',
}

/** Custom fields become columns of the table that their prefix belongs to. */
export const CUSTOM_PREFIX: Record<string, string> = {
  transaction: 'custbody_',
  transactionline: 'custcol_',
  customer: 'custentity_',
  item: 'custitem_',
}
