import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from browser_tests.looking import launch
from browser_tests.running import Site

# Playwright keeps an event loop in the test thread
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


# Those that take the longest begin: at the end no process waits long for another.
LONGEST = (
    "test_walk.py",
    "test_admin.py",
    "test_poisoned.py",
    "test_accounts.py",
    "test_curating.py",
    "test_journey.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        if item.path.name in LONGEST:
            return LONGEST.index(item.path.name)
        return len(LONGEST)

    items.sort(key=place)


@pytest.fixture(scope="session", autouse=True)
def _shared(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # of the folders of the workers
    Site.shared = folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def pictures() -> Path | None:
    """Where to leave pictures of the pages: the folder that PICTURES
    names, if it names one.
    """
    folder = os.environ.get("PICTURES")
    if not folder:
        return None
    path = Path(folder)
    path.mkdir(parents=True, exist_ok=True)
    return path


@pytest.fixture(scope="module")
def demo_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo's group, running, for all tests of a module."""
    site = Site(tmp_path_factory.mktemp("demo"))
    site.prepare_demo()
    site.start()
    yield site
    site.stop()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path)
    yield site
    if site.process and site.process.poll() is None:
        site.stop()
