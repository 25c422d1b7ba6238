from datetime import date

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from papers.arxiv.identifiers import ARXIV_ID
from papers.views import feeds, headlines, paper, readings


class ArxivIdConverter(StringConverter):
    regex = ARXIV_ID  # the older ones have a slash: cs/0601001


class DayConverter:
    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


class CategoryConverter(StringConverter):
    regex = r"[A-Za-z.-]{2,40}"


register_converter(ArxivIdConverter, "arxiv_id")
register_converter(DayConverter, "day")
register_converter(CategoryConverter, "category")

app_name = "papers"

urlpatterns = [
    path("", headlines.today, name="today"),
    path("list/", readings.reading_list, name="list"),
    path("feeds/", feeds.feeds, name="feeds"),
    path("feeds/<category:category>/", feeds.try_now, name="try_now"),
    path("<day:day>/", headlines.day, name="day"),
    path("<arxiv_id:arxiv_id>/", paper.paper, name="paper"),
    path("<arxiv_id:arxiv_id>/keep/", readings.keep, name="keep"),
    path("<arxiv_id:arxiv_id>/hide/", readings.hide, name="hide"),
]
