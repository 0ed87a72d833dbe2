"""Settings files: YAML with line numbers, checked into one frozen model, every problem named with its place.

The public names of this room: Model, Root, Problem, SettingsError, load, fault, faults, suggest.
"""

from settings.loader import load
from settings.model import Model, Root, fault, faults
from settings.problem import Problem, SettingsError, suggest

__all__ = ["Model", "Problem", "Root", "SettingsError", "fault", "faults", "load", "suggest"]
