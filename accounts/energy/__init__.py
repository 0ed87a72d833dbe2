"""Amounts of energy, their cost, their emissions, and each of them a unit of product."""
