"""Why no factor can be taken."""
