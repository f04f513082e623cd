/** Raised when the server no longer knows who is asking. */
export class SignedOut extends Error {}
