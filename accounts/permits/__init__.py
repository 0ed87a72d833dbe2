"""Means and loads of pollutants against the limits of a permit, and their episodes."""
