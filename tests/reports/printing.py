"""What a test that makes a PDF needs of the machine."""

from __future__ import annotations

import pytest

from cloud.reports import pdf

PRINTING = pytest.mark.needs(*pdf.LIBRARIES.values(), "fonts-wqy-zenhei")
"""The libraries that WeasyPrint loads, and a Chinese font."""
