"""How many queries each page takes: asked once more, of a server that
counts them.
"""

from collections.abc import Sequence

from bench.measuring import Case, Visitors
from bench.sites import Site

SETTINGS = "bench_site.counting_settings"
HEADER = "x-bench-queries"


def count_queries(site: Site, cases: Sequence[Case]) -> None:
    with site.served(settings=SETTINGS) as server:
        visitors = Visitors.of(server)
        asks = {page["name"]: visitors.get(page) for page in site.facts["pages"]}
        asks |= {deed["name"]: visitors.send(deed) for deed in site.facts["deeds"]}
        for case in cases:
            if site.name in case.figures:
                for _each in range(3):  # the first one fills what the process keeps
                    answer = asks[case.name]()
                case.figures[site.name].queries = int(answer.headers[HEADER])
