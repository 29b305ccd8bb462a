// dynalite ships no types. Only the check that knows DynamoDB's reserved words is described.
declare module 'dynalite/validations/index.js' {
  const validations: {
    /** What is wrong with the expressions of a request; undefined when nothing is. */
    validateExpressions(request: { ConditionExpression: string }): string | null | undefined
  }
  export default validations
}
