/** What a builder takes: every field of M but the tag, of which those named by K may be left out. */
export type Buildable<M, K extends PropertyKey> = Omit<M, 'type' | K> & Partial<Pick<M, K & keyof M>>;
