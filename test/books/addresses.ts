// Where the customers of the cases are, and what the tax content of the simulated AvaTax charges there (test data: rates are
// real ones as far as known).

/** Where nothing is taxed: AvaTax records the sale with a tax of 0. */
export const PORTLAND = {
  line1: '1 SW Main St',
  city: 'Portland',
  state: 'OR',
  postal_code: '97204',
  country: 'US',
}
/** 6 % California, 0.25 % county, 1 % city, 2.5 % special: 9.75 % together. */
export const LOS_ANGELES = {
  line1: '200 N Spring St',
  city: 'Los Angeles',
  state: 'CA',
  postal_code: '90012',
  country: 'US',
}
/** 19 %. */
export const BERLIN = { line1: 'Rathausstraße 15', city: 'Berlin', postal_code: '10178', country: 'DE' }
/** 20 %. */
export const LONDON = { line1: '10 Downing Street', city: 'London', postal_code: 'SW1A 2AA', country: 'GB' }
/** 10 %. */
export const TOKYO = {
  line1: '2-8-1 Nishi-Shinjuku',
  city: 'Tokyo',
  postal_code: '163-8001',
  country: 'JP',
}
/** No tax. */
export const KUWAIT = { line1: 'Al Soor Street', city: 'Kuwait City', postal_code: '13001', country: 'KW' }
