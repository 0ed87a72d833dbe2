"""Hour facts made again from the rows of a full pack."""
