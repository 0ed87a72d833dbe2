"""Modbus TCP: registers read in as few requests as possible, one row a response."""
