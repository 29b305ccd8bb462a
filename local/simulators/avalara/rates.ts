// The simulated tax content: which jurisdictions tax a place, and at which rate on a day. State and country rates are
// the real ones of 2026 as far as known; local rates are real for the cities named and otherwise an illustration.
// It is test data: nobody should file a return from it.

export type JurisdictionKind = 'Country' | 'State' | 'County' | 'City' | 'Special'

export interface Rate {
  /** Percent, as text: "8.875". */
  percent: string
  /** First day, YYYY-MM-DD, on which it holds; absent: always. */
  from?: string
}

export interface Jurisdiction {
  kind: JurisdictionKind
  code: string
  name: string
  taxName: string
  /** In order of their first day; the last one that has begun holds. */
  rates: readonly Rate[]
}

export interface StateContent {
  name: string
  fips: string
  /** First three digits of its ZIP codes, as ranges "900-961" or single values. */
  zips: readonly string[]
  percent: string
  /** Local jurisdictions by the first digits of a ZIP code; the longest match counts, '' stands for the rest. */
  local?: Readonly<Record<string, readonly Jurisdiction[]>>
}

export interface CountryContent {
  name: string
  jurisdictions: readonly Jurisdiction[]
  /** By province, where the country has no single rate. */
  regions?: Readonly<Record<string, readonly Jurisdiction[]>>
}

export interface TaxContent {
  states: Readonly<Record<string, StateContent>>
  countries: Readonly<Record<string, CountryContent>>
}

const local = (
  kind: JurisdictionKind,
  code: string,
  name: string,
  percent: string,
  taxName: string,
): Jurisdiction => ({ kind, code, name, taxName, rates: [{ percent }] })

const county = (state: string, code: string, name: string, percent: string) =>
  local('County', code, name, percent, `${state} COUNTY TAX`)
const city = (state: string, code: string, name: string, percent: string) =>
  local('City', code, name, percent, `${state} CITY TAX`)
const special = (state: string, code: string, name: string, percent: string) =>
  local('Special', code, name, percent, `${state} SPECIAL TAX`)

const localRates: Record<string, StateContent['local']> = {
  CA: {
    '': [county('CA', '000', 'LOCAL COUNTY', '0.25'), city('CA', '00000', 'LOCAL CITY', '1')],
    '900': [
      county('CA', '037', 'LOS ANGELES', '0.25'),
      city('CA', '44000', 'LOS ANGELES', '1'),
      special('CA', 'EMAZ0', 'LOS ANGELES CO LOCAL TAX SL', '2.5'),
    ],
    '941': [
      county('CA', '075', 'SAN FRANCISCO', '0.25'),
      city('CA', '67000', 'SAN FRANCISCO', '1'),
      special('CA', 'EMTC0', 'SAN FRANCISCO CO LOCAL TAX SL', '1.375'),
    ],
  },
  NY: {
    '': [county('NY', '000', 'LOCAL COUNTY', '4')],
    ...Object.fromEntries(
      ['100', '101', '102', '103', '104', '110', '111', '112', '113', '114', '116'].map((zip) => [
        zip,
        [
          city('NY', '51000', 'NEW YORK CITY', '4.5'),
          special('NY', '359071', 'METROPOLITAN COMMUTER TRANSPORTATION DISTRICT', '0.375'),
        ],
      ]),
    ),
  },
  TX: {
    '': [city('TX', '00000', 'LOCAL CITY', '1')],
    '787': [city('TX', '05000', 'AUSTIN', '1'), special('TX', '6000814', 'AUSTIN MTA TRANSIT', '1')],
    '750': [city('TX', '58016', 'PLANO', '1'), special('TX', '6000814', 'DALLAS MTA TRANSIT', '1')],
  },
  WA: {
    '': [city('WA', '00000', 'LOCAL CITY', '2.5')],
    '981': [city('WA', '63000', 'SEATTLE', '3.85')],
    '98110': [city('WA', '03736', 'BAINBRIDGE ISLAND', '2.7')],
  },
  IL: {
    '606': [
      county('IL', '031', 'COOK', '1.75'),
      city('IL', '14000', 'CHICAGO', '1.25'),
      special('IL', '374', 'REGIONAL TRANSPORT. AUTHORITY', '1'),
    ],
  },
  FL: { '331': [county('FL', '086', 'MIAMI-DADE', '1')] },
  CO: { '802': [city('CO', '20000', 'DENVER', '4.81'), special('CO', '0003', 'RTD AND CULTURAL', '1.1')] },
}

const state = (
  code: string,
  name: string,
  fips: string,
  percent: string,
  ...zips: string[]
): [string, StateContent] => [code, { name, fips, zips, percent, local: localRates[code] ?? {} }]

const states = Object.fromEntries([
  state('AL', 'ALABAMA', '01', '4', '350-369'),
  state('AK', 'ALASKA', '02', '0', '995-999'),
  state('AZ', 'ARIZONA', '04', '5.6', '850-865'),
  state('AR', 'ARKANSAS', '05', '6.5', '716-729'),
  state('CA', 'CALIFORNIA', '06', '6', '900-961'),
  state('CO', 'COLORADO', '08', '2.9', '800-816'),
  state('CT', 'CONNECTICUT', '09', '6.35', '060-069'),
  state('DE', 'DELAWARE', '10', '0', '197-199'),
  state('DC', 'DISTRICT OF COLUMBIA', '11', '6', '200', '202-205'),
  state('FL', 'FLORIDA', '12', '6', '320-349'),
  state('GA', 'GEORGIA', '13', '4', '300-319', '398-399'),
  state('HI', 'HAWAII', '15', '4', '967-968'),
  state('ID', 'IDAHO', '16', '6', '832-838'),
  state('IL', 'ILLINOIS', '17', '6.25', '600-629'),
  state('IN', 'INDIANA', '18', '7', '460-479'),
  state('IA', 'IOWA', '19', '6', '500-528'),
  state('KS', 'KANSAS', '20', '6.5', '660-679'),
  state('KY', 'KENTUCKY', '21', '6', '400-427'),
  state('LA', 'LOUISIANA', '22', '5', '700-714'),
  state('ME', 'MAINE', '23', '5.5', '039-049'),
  state('MD', 'MARYLAND', '24', '6', '206-219'),
  state('MA', 'MASSACHUSETTS', '25', '6.25', '010-027', '055'),
  state('MI', 'MICHIGAN', '26', '6', '480-499'),
  state('MN', 'MINNESOTA', '27', '6.875', '550-567'),
  state('MS', 'MISSISSIPPI', '28', '7', '386-397'),
  state('MO', 'MISSOURI', '29', '4.225', '630-658'),
  state('MT', 'MONTANA', '30', '0', '590-599'),
  state('NE', 'NEBRASKA', '31', '5.5', '680-693'),
  state('NV', 'NEVADA', '32', '6.85', '889-898'),
  state('NH', 'NEW HAMPSHIRE', '33', '0', '030-038'),
  state('NJ', 'NEW JERSEY', '34', '6.625', '070-089'),
  state('NM', 'NEW MEXICO', '35', '4.875', '870-884'),
  state('NY', 'NEW YORK', '36', '4', '005', '100-149'),
  state('NC', 'NORTH CAROLINA', '37', '4.75', '270-289'),
  state('ND', 'NORTH DAKOTA', '38', '5', '580-588'),
  state('OH', 'OHIO', '39', '5.75', '430-459'),
  state('OK', 'OKLAHOMA', '40', '4.5', '730-749'),
  state('OR', 'OREGON', '41', '0', '970-979'),
  state('PA', 'PENNSYLVANIA', '42', '6', '150-196'),
  state('RI', 'RHODE ISLAND', '44', '7', '028-029'),
  state('SC', 'SOUTH CAROLINA', '45', '6', '290-299'),
  state('SD', 'SOUTH DAKOTA', '46', '4.2', '570-577'),
  state('TN', 'TENNESSEE', '47', '7', '370-385'),
  state('TX', 'TEXAS', '48', '6.25', '750-799', '885'),
  state('UT', 'UTAH', '49', '4.85', '840-847'),
  state('VT', 'VERMONT', '50', '6', '050-054', '056-059'),
  state('VA', 'VIRGINIA', '51', '4.3', '201', '220-246'),
  state('WA', 'WASHINGTON', '53', '6.5', '980-994'),
  state('WV', 'WEST VIRGINIA', '54', '6', '247-268'),
  state('WI', 'WISCONSIN', '55', '5', '530-549'),
  state('WY', 'WYOMING', '56', '4', '820-831'),
])

const vat = (code: string, name: string, ...rates: (string | [from: string, percent: string])[]) => {
  const content: CountryContent = {
    name,
    jurisdictions: [
      {
        kind: 'Country',
        code,
        name,
        taxName: 'Standard Rate',
        rates: rates.map((rate) =>
          typeof rate === 'string' ? { percent: rate } : { from: rate[0], percent: rate[1] },
        ),
      },
    ],
  }
  return [code, content] as const
}

/** https://taxation-customs.ec.europa.eu/taxation/vat/vat-directive/vat-rates_en */
const euCountries = [
  vat('AT', 'AUSTRIA', '20'),
  vat('BE', 'BELGIUM', '21'),
  vat('BG', 'BULGARIA', '20'),
  vat('HR', 'CROATIA', '25'),
  vat('CY', 'CYPRUS', '19'),
  vat('CZ', 'CZECHIA', '21'),
  vat('DK', 'DENMARK', '25'),
  vat('EE', 'ESTONIA', '22', ['2025-07-01', '24']),
  vat('FI', 'FINLAND', '24', ['2024-09-01', '25.5']),
  vat('FR', 'FRANCE', '20'),
  vat('DE', 'GERMANY', '19'),
  vat('GR', 'GREECE', '24'),
  vat('HU', 'HUNGARY', '27'),
  vat('IE', 'IRELAND', '23'),
  vat('IT', 'ITALY', '22'),
  vat('LV', 'LATVIA', '21'),
  vat('LT', 'LITHUANIA', '21'),
  vat('LU', 'LUXEMBOURG', '17'),
  vat('MT', 'MALTA', '18'),
  vat('NL', 'NETHERLANDS', '21'),
  vat('PL', 'POLAND', '23'),
  vat('PT', 'PORTUGAL', '23'),
  vat('RO', 'ROMANIA', '19', ['2025-08-01', '21']),
  vat('SK', 'SLOVAKIA', '20', ['2025-01-01', '23']),
  vat('SI', 'SLOVENIA', '22'),
  vat('ES', 'SPAIN', '21'),
  vat('SE', 'SWEDEN', '25'),
]

const gst: Jurisdiction = local('Country', 'CA', 'CANADA', '5', 'CANADA GST/TPS')
const province = (code: string, name: string, percent: string, taxName: string): Jurisdiction =>
  local('State', code, name, percent, taxName)

export const euMembers: ReadonlySet<string> = new Set(euCountries.map(([code]) => code))

export const defaultContent: TaxContent = {
  states,
  countries: {
    ...Object.fromEntries(euCountries),
    ...Object.fromEntries([
      vat('GB', 'UNITED KINGDOM', '20'),
      vat('CH', 'SWITZERLAND', '8.1'),
      vat('NO', 'NORWAY', '25'),
      vat('JP', 'JAPAN', '10'),
      vat('AU', 'AUSTRALIA', '10'),
      vat('NZ', 'NEW ZEALAND', '15'),
      vat('SG', 'SINGAPORE', '7', ['2024-01-01', '9']),
      // No sales tax or VAT is levied there.
      vat('KW', 'KUWAIT', '0'),
      vat('HK', 'HONG KONG', '0'),
    ]),
    CA: {
      name: 'CANADA',
      jurisdictions: [gst],
      regions: {
        ON: [province('ON', 'ONTARIO', '13', 'CANADA HST/TVH')],
        BC: [gst, province('BC', 'BRITISH COLUMBIA', '7', 'BC PST')],
        QC: [gst, province('QC', 'QUEBEC', '9.975', 'QUEBEC QST/TVQ')],
        AB: [gst],
      },
    },
  },
}

export const percentOn = ({ rates }: Jurisdiction, day: string): string =>
  rates.filter(({ from }) => from === undefined || from <= day).at(-1)?.percent ?? '0'
