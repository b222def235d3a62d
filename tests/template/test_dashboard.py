"""The dashboard is JSON and shows metrics that are counted."""

import json
import re

from duebill.runtime.metrics import Metric
from tests.template.cloudformation import resources


def test_the_dashboard_shows_what_is_counted_and_queues_that_exist() -> None:
    text = resources()["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    widgets = json.loads(text)["widgets"]
    metrics = [metric for widget in widgets for metric in widget["properties"]["metrics"]]
    ours = {metric[1] for metric in metrics if metric[0] == "Duebill"}
    assert ours == {"UnsettledAge", "OldestDue", "WebhooksFailed", "RefreshesPutOff", "ReconnectsRequired"}
    assert ours <= {each.value for each in Metric}
    named = {name.partition(".")[0] for name in re.findall(r"\$\{([A-Za-z.]+)\}", text)}
    assert named <= set(resources())
