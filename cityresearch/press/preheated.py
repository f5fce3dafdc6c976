"""Imported by the process that all workers are forked from: it is warm before they ask for anything.

It makes no IPython shell: that would take the place of `__main__`, which a new worker looks at.
"""

import cityresearch.press.warm  # noqa: F401  with all that briefs import
from cityresearch.briefs import charts

charts.warm()
