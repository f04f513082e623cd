"""Forms of what is given once and written small: for the doors, the lists, and the words that say them. Pure.

dispatch/doors/form_errors.py says each of them to who typed something else.
"""

from typing import Final

USERNAME: Final = r"^[a-z0-9][a-z0-9_.-]{1,39}$"
UNIT_CODE: Final = r"^[a-z0-9][a-z0-9_]{0,39}$"
CODE: Final = r"^[a-z][a-z0-9_]{0,39}$"  # of channels and departments
ITEM_CODE: Final = r"^[0-9]{4}$"
KEYWORD: Final = r"^[^;；\x00-\x1f]+$"
