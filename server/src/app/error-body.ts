/** An error outside of GraphQL, in the same form as one of GraphQL, so that a client needs to know one. */
export const errorBody = (code: string, message: string, requestId: string) => ({ errors: [{ message, extensions: { code, requestId } }] })
