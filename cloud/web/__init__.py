"""The cloud's web: the API under /api/v1, the pages that people open, their events."""
