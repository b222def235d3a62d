/** A key for one wish: sent again with every repetition of it, never with another. */
export const newKey = (): string => crypto.randomUUID();
