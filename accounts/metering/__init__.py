"""From counter readings to hour facts."""
