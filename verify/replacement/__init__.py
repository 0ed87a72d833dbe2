"""The figures of a machine replacement and its certificate, made again."""
