"""The factors that ship with the project."""
