"""The pages that people open: a module a page."""
