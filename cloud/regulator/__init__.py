"""What a regulator may read: routes that open with a site's token only, each access sealed by the site's desk.

`routes(service)` is the router to hang such routes on.
"""

from cloud.regulator.access import Visitor, regulator, routes

__all__ = ["Visitor", "regulator", "routes"]
