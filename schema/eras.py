"""The two eras of local government: districts until 30 June 2025, none since (Law 72/2025/QH15)."""

from __future__ import annotations

from datetime import date

REFORM = date(2025, 7, 1)
"""The first day without districts; number series of documents begin anew."""
