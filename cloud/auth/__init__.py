"""Who may read and write: tokens of regulators, the gate of the desk, and what both need of a running cloud."""
