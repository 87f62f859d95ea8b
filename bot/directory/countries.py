"""The countries that exist, whether or not a file describes them."""

from functools import cache

from babel import Locale

_NO_COUNTRY = frozenset({"EU", "EZ", "UN", "ZZ", "QO", "XA", "XB", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"})
"""CLDR regions of two letters that are no ISO 3166-1 country."""


@cache
def countries() -> frozenset[str]:
    """Give the ISO 3166-1 alpha-2 codes, and XK for Kosovo."""
    regions = [str(code) for code in Locale("en").territories]
    return frozenset(code for code in regions if len(code) == 2 and code.isalpha()) - _NO_COUNTRY | {"XK"}
