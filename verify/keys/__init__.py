"""The keys that a reader trusts, and the advice about those of a pack."""
