"""Summaries and evidence packs: what the cloud hands to people who do not trust it."""
