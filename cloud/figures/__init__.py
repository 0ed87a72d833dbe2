"""Figures of a site and period, of replacements and limits: computed, indexed by id, traced to their blocks."""
