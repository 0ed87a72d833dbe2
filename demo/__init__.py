"""The demonstration: a supervisor that runs plant, broker, edge and cloud, and a judge of their counts.

It imports no other room: it talks to them by their commands, their files and HTTP, so that the
judge is never built from what it judges.
"""
