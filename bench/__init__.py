"""Benchmarks: commands that measure; `python -m bench.NAME`."""
