"""The statements of a site replayed up to a position of the ledger."""
