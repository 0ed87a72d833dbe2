"""Why the amounts of a point cannot be taken."""
