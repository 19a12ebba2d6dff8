/** The version of the JSON outputs: fields may be added to it, never changed. */
export const CONTRACT_VERSION = 1;
