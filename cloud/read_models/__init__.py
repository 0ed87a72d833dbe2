"""What pages and the API read of a site: snapshots of its statements and hour facts, each of one ledger size."""
