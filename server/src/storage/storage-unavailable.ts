/** Why nothing can be read from the database, or written to it, for good: it was not opened, or its thread has ended. */
export class StorageUnavailable extends Error {}
