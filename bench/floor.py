"""What Django itself costs here and now: F0 answers a constant 20 KB, F1 asks one indexed query for 20 rows."""

from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.urls import path

from papers.models import Paper

CONSTANT = b"x" * 20_000
ROWS = Engine().from_string(
    "<!doctype html><html><head><title>{{ title }}</title></head><body><ol>{% for paper in papers %}"
    '<li id="p{{ paper.pk }}"><h2><a href="/papers/{{ paper.arxiv_id }}/">{{ paper.title }}</a></h2>'
    "<p>{% for author in paper.authors %}{{ author }}{% if not forloop.last %}, {% endif %}{% endfor %}</p>"
    "<p>{{ paper.abstract|truncatewords:60 }}</p>"
    "<p>{{ paper.announced_on|date:'j F Y' }} · {{ paper.primary_category }}</p>"
    "{% if paper.version > 1 %}<p>version {{ paper.version }}</p>{% endif %}</li>{% endfor %}</ol></body></html>"
)


def constant(request: HttpRequest) -> HttpResponse:
    return HttpResponse(CONSTANT)


def rows(request: HttpRequest) -> HttpResponse:
    papers = Paper.objects.order_by("-announced_on", "-id")[:20]
    return HttpResponse(ROWS.render(Context({"papers": papers, "title": "Floor"})))


urlpatterns = [path("f0/", constant), path("f1/", rows)]
