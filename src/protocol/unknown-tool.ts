/**
 * What a model reads after a call of a tool that is not there. The wording is that of an HTTP tool server (the 404 of
 * FastAPI), because models were trained against it.
 */
export const UNKNOWN_TOOL_TEXT = '{"detail":"Not Found"}';
