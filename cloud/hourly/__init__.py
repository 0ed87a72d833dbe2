"""Hour facts: gathered from readings, kept up by day, sealed when a day is over."""
