"""From readings to figures: energy of hours out of counters, emissions with cited factors. Pure, no I/O."""
