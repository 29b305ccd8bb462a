// Fields and sublists of the customer, as the REST record catalogue names them. Lengths are NetSuite's own. The rules
// for them are in customer.ts.
//
// Names: REST API browser and records catalogue; lengths: Oracle help "Customer Import" field table.
import {
  boolean,
  type CustomField,
  choice,
  customFieldSpecs,
  type FieldSpec,
  type RecordSpec,
  reference,
  text,
} from '../schema.ts'

export const address: Record<string, FieldSpec> = {
  addressee: text(83),
  attention: text(83),
  addr1: text(150),
  addr2: text(150),
  addr3: text(150),
  city: text(50),
  state: text(50),
  zip: text(36),
  country: choice,
  addrPhone: text(21),
  addrText: text(999),
  override: boolean,
}

export function customerSpec(customFields: CustomField[]): RecordSpec {
  return {
    type: 'customer',
    group: 'entity',
    fields: {
      entityId: text(83),
      companyName: { ...text(83), label: 'Company Name' },
      isPerson: boolean,
      firstName: { ...text(32), label: 'First Name' },
      lastName: { ...text(32), label: 'Last Name' },
      subsidiary: { ...reference('subsidiary'), label: 'Primary Subsidiary' },
      parent: reference('entity'),
      currency: reference('currency'),
      email: { kind: 'email', maxLength: 254 },
      phone: text(32),
      url: text(100),
      comments: text(4000),
      vatRegNumber: text(20),
      taxable: boolean,
      isInactive: boolean,
      receivablesAccount: reference('account'),
      category: choice,
      terms: choice,
      language: choice,
      entityStatus: choice,
      ...customFieldSpecs(customFields, 'custentity'),
    },
    sublists: {
      addressBook: {
        key: 'internalId',
        fields: {
          internalId: text(20),
          label: text(150),
          defaultBilling: boolean,
          defaultShipping: boolean,
          isResidential: boolean,
          addressBookAddress: { kind: 'subrecord', fields: address },
        },
      },
      currencyList: { key: 'currency', fields: { currency: reference('currency') } },
    },
  }
}
