"""A liaison's list on the phone: what burns first, lights at their boundary, an answer with a photo and a document.

Rules: docs/rules.md, "An order" and "Clocks".
"""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, expect

from tests.journeys.conftest import PICTURES
from tests.journeys.people import LIGHTS, Desk, Liaison
from tests.journeys.test_phone_offline import an_order
from tests.live import Product

pytestmark = pytest.mark.browser
HOUR = timedelta(hours=1)
AHEAD = timedelta(seconds=25)  # time enough to see the light before its boundary
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


@pytest.mark.mechanism("M55")
def test_lights_change_at_the_boundary_while_the_list_lies_open(product: Product, liaison: Liaison) -> None:
    with product.long_ago(HOUR * 0.8 - AHEAD):
        nearly_amber = an_order(product)
    with product.long_ago(HOUR - AHEAD):
        nearly_red = an_order(product)
    rows = liaison.glass.at("inbox").locator("[data-order]")

    def sees(order: str, light: str) -> None:
        row = liaison.glass.page.locator(f"[data-order='{order}']")
        expect(row.get_by_role("img", name=LIGHTS[light], exact=True)).to_be_visible()

    sees(nearly_amber, "green")
    sees(nearly_red, "amber")
    shown = rows.evaluate_all("(rows) => rows.map((row) => row.dataset.order)")
    assert shown.index(nearly_red) < shown.index(nearly_amber)  # what burns first
    wide = liaison.glass.page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0  # nothing stands beside the glass
    fits = "(rows) => rows.every((row) => row.getBoundingClientRect().right <= window.innerWidth)"
    assert rows.evaluate_all(fits)
    sees(nearly_amber, "amber")
    sees(nearly_red, "red")
    if PICTURES:
        liaison.glass.takes_its_picture("phone-list")


@pytest.mark.mechanism("M78")
def test_an_answer_with_a_photo_and_a_document(
    product: Product, desk: Desk, liaison: Liaison, photo: FilePayload
) -> None:
    order = an_order(product)
    liaison.opens(order)
    liaison.acknowledges()
    liaison.glass.at("feed-back").tap()
    liaison.glass.page.locator("textarea[name=feedback]").fill("已换新井盖，附验收单。")
    liaison.glass.at("photos").set_input_files(photo)
    liaison.glass.at("files").set_input_files(
        {"name": "照片.exe", "mimeType": "application/pdf", "buffer": b"MZ"},
    )
    expect(liaison.glass.page.get_by_role("alert").filter(has_text="只收")).to_be_visible()
    liaison.glass.at("files").set_input_files({"name": "验收单.pdf", "mimeType": "application/pdf", "buffer": PDF})
    expect(liaison.glass.at("chosen-files")).to_contain_text("验收单.pdf")
    if PICTURES:
        liaison.glass.takes_its_picture("phone-answer")
    liaison.glass.page.get_by_role("button", name="提交反馈").tap()
    liaison.sees_the_state("待核查")

    issue = product.rows("SELECT issue_id FROM orders_order WHERE id = %s", order)[0][0]
    desk.opens(str(issue))
    document = desk.glass.at("files-of").get_by_role("link")
    expect(document).to_contain_text("PDF")
    with desk.glass.page.expect_download() as saving:
        document.click()
    assert Path(saving.value.path()).read_bytes() == PDF
