"""The ledger: every block the cloud has taken, in the order it came, and the one pass that decodes it."""

from cloud.ledger.decode import Decoded, Decoder
from cloud.ledger.intake import Ledger, read

__all__ = ["Decoded", "Decoder", "Ledger", "read"]
