"""What is counted can be scraped, is written down, and names nobody."""

import re
from pathlib import Path

from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.parser import text_string_to_metric_families

from griot.core import metrics

PAGE = Path(__file__).parents[2] / "docs" / "operations" / "running.md"
SMALL_LABELS = {"kind", "channel", "outcome", "result", "status", "far_end"}


def families() -> dict[str, str]:
    """The house's own metrics: the name as it is queried -> its kind."""
    body, _ = metrics.render()
    found = text_string_to_metric_families(body.decode())
    return {
        family.name + ("_total" if family.type == "counter" else ""): family.type
        for family in found
        if not family.name.startswith("griot_process_") and not family.name.endswith("_created")
    }


def test_every_metric_is_written_down_and_nothing_else_is() -> None:
    described = re.findall(r"^\| `(griot_\w+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(described) == sorted(families())


def test_metrics_of_the_house_bear_its_name_and_the_process_is_among_them() -> None:
    body, content_type = metrics.render()
    lines = [line for line in body.decode().splitlines() if not line.startswith("#")]
    assert lines and all(line.startswith("griot_") for line in lines)
    assert any(line.startswith("griot_process_cpu_seconds_total") for line in lines)
    assert content_type.startswith("text/plain")


def test_labels_are_few_and_small() -> None:
    own = {name: metric for name, metric in vars(metrics).items() if isinstance(metric, MetricWrapperBase)}
    assert len(own) == len(families())
    assert {name for name, metric in own.items() if not set(metric._labelnames) <= SMALL_LABELS} == set()


def test_what_is_counted_is_seen() -> None:
    before = metrics.REGISTRY.get_sample_value("griot_holds_total", {"outcome": "gone"}) or 0
    metrics.HOLDS.labels("gone").inc()
    body, _ = metrics.render()
    assert f'griot_holds_total{{outcome="gone"}} {before + 1}' in body.decode()
