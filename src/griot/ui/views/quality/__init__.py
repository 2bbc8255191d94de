"""How good the agent is: suites to run, reports to read, runs to compare, ratings and key figures over time."""

from griot.ui.views.quality import comparing, over_time, runs
from griot.ui.views.quality.view import view

__all__ = ["comparing", "over_time", "runs", "view"]
