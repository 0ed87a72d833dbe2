"""Why energy, emissions, cost or intensity cannot be given."""
