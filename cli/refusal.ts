// What a command says when it does nothing: a whole sentence with its code, and the exit code that goes with it.
export class Refusal extends Error {
  /** 1: it failed and may be the next time; 2: a person is needed first. */
  readonly status: 1 | 2

  constructor(sentence: string, status: 1 | 2 = 2, options?: ErrorOptions) {
    super(sentence, options)
    this.name = 'Refusal'
    this.status = status
  }
}
