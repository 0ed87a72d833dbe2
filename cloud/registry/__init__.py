"""The registry: an SQLite file beside the ledger that holds what the desks have declared, ready to be asked.

Everything but people and tokens is a projection of statements and can be made again from the ledger.
"""

from cloud.registry.registry import Reading, Registry

__all__ = ["Reading", "Registry"]
