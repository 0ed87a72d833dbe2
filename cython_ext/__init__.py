"""Kernels: typed buffers in, typed buffers out. No meaning, no input or output, no interpreter lock."""
