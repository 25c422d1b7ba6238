"""The floor: what Django itself costs for one indexed query and a
template of 20 rows.

It never changes, so that ratios of different days can be compared: the
columns are named here, whatever the site's own table has besides.
"""

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.urls import path

ROWS = Engine().from_string(
    "<!doctype html><html><head><title>{{ title }}</title></head><body><ol>"
    "{% for paper in papers %}"
    '<li id="p{{ paper.pk }}">'
    '<h2><a href="/papers/{{ paper.arxiv_id }}/">{{ paper.title }}</a></h2>'
    "<p>{% for author in paper.authors %}{{ author }}"
    "{% if not forloop.last %}, {% endif %}{% endfor %}</p>"
    "<p>{{ paper.abstract|truncatewords:60 }}</p>"
    "<p>{{ paper.announced_on|date:'j F Y' }} · {{ paper.primary_category }}</p>"
    "{% if paper.version > 1 %}<p>version {{ paper.version }}</p>{% endif %}</li>"
    "{% endfor %}</ol></body></html>"
)


class FloorPaper(models.Model):
    arxiv_id = models.CharField(max_length=32)
    version = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=500)
    title_html = models.TextField()
    abstract = models.TextField()
    abstract_html = models.TextField()
    pipeline_version = models.PositiveIntegerField()
    authors = models.JSONField()
    categories = models.JSONField()
    primary_category = models.CharField(max_length=40)
    licence = models.CharField(max_length=200)
    announced_on = models.DateField()
    stored_at = models.DateTimeField()

    class Meta:
        app_label = "bench_site"
        managed = False
        db_table = "papers_paper"

    def __str__(self) -> str:
        return self.title


def rows(request: HttpRequest) -> HttpResponse:
    papers = FloorPaper._default_manager.order_by("-announced_on", "-id")[:20]
    return HttpResponse(ROWS.render(Context({"papers": papers, "title": "Floor"})))


urlpatterns = [path("floor/", rows)]
