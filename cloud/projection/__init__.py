"""The one decode pass behind charts: open hours, latest values, the store kept equal to them."""
