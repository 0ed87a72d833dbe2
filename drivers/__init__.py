"""Machines -> rows. Each driver reads one device and hands finished rows to a sink; it stores nothing."""
