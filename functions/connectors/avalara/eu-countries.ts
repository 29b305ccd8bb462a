// Which countries are one VAT area.
// https://european-union.europa.eu/principles-countries-history/eu-countries_en; Monaco is taxed as France.
export const EU_COUNTRIES = new Set(
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MC MT NL PL PT RO SE SI SK'.split(' '),
)

/** Where a buyer's VAT number moves the tax to the buyer. */
export const isCrossBorderEu = (sellerCountry: string, buyerCountry: string): boolean =>
  EU_COUNTRIES.has(buyerCountry) && sellerCountry !== buyerCountry
