// What the distribution in front of the API sends with each request, and the functions behind it look for. Plain data:
// the CDK app reads it too.

export const EDGE_HEADER = 'x-switchyard-edge'
/** Of the secret `edge`: {"header": "…"}. */
export const EDGE_SECRET_FIELD = 'header'
