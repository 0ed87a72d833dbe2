"""The figures of a summary, made again and compared."""
