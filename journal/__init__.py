"""The files that both ends share: append-only segments with CRC and recovery, and key files."""
