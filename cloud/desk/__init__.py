"""The desk: what people declare and import becomes sealed statements of a site's own node, `desk-<site>`.

`write` is the one way in, for the desk and for the accounts.
"""

from cloud.desk.deliver import node_of, write

__all__ = ["node_of", "write"]
