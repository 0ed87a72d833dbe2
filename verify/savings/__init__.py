"""Savings of projects, made again."""
