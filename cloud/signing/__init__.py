"""Blocks sealed by the cloud's own nodes, desks and accounts, and handed to the ledger."""
