"""axe-core on a page under our own content policy, told in lines a person can read."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = {"serious", "critical"}


def axe_findings(page: Page, grave: Collection[str] = GRAVE) -> list[str]:
    """Return what axe calls serious or critical on the page as it stands, or what is named.

    The script is evaluated through the browser's debugging channel and not put into the page, so
    the content policy stays in force while axe looks.
    """
    assert AXE.exists(), "axe-core is not installed: run make install"
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{violation['impact']}: {violation['help']} ({violation['id']}) at {node['target']}"
        for violation in result["violations"]
        if violation["impact"] in grave
        for node in violation["nodes"]
    ]
