"""An older backup is restored: the anchors refuse it, and who saw the lost history starts over. Design: epochs."""

import json
from pathlib import Path

import pytest

from tests.live import Product, wait_for

MISFIT = 3  # exit code of check_anchors


def last_anchor(anchors: Path) -> int:
    """Up to which place in the feed the newest anchor reaches; 0 without one."""
    lines = anchors.read_text().splitlines() if anchors.exists() else []
    return int(json.loads(lines[-1])["seq"]) if lines else 0


@pytest.mark.slow
def test_screens_of_a_lost_history_start_over(own_product: Product) -> None:
    product = own_product
    desk = product.person("duty1")
    screen = product.screen(desk)
    item = desk.an_item_for("law_enforcement")
    kept_issue = desk.reports(item).must().id
    kept = product.keep_a_copy()

    screen.until_live()
    lost_issue = desk.reports(item).must().id
    screen.hears("issue.reported", lost_issue)
    head = product.head(desk.centre_id)
    product.worker.stop()
    product.worker.start()  # its first duty: to write down, outside the database, how far the feed has come
    anchors = product.folder / "data" / "anchors" / f"{desk.centre_id}.log"
    wait_for(lambda: last_anchor(anchors) >= head, "the anchor of the lost history")
    assert screen.resets == ["none"]

    product.put_back(kept)
    status, words = product.command("check_anchors")
    assert (status, "behind its anchor" in words) == (MISFIT, True), words
    status, words = product.command("open_epoch")
    assert status == 0, words
    assert product.command("check_anchors")[0] == 0
    assert product.command("verify_feed")[0] == 0

    product.start()
    wait_for(lambda: len(screen.resets) == 2 and screen.live, "the reset of a screen that saw the lost history")
    assert screen.resets[1] in ("epoch", "hash", "future")
    assert screen.shows("issue", kept_issue) is not None
    assert screen.shows("issue", lost_issue) is None
    new_issue = desk.reports(item).must().id
    screen.hears("issue.reported", new_issue)
    screen.is_right()
    assert product.command("reconcile")[0] == 0
