from datetime import date

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from papers import views
from papers.arxiv import ARXIV_ID


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
    path("", views.today, name="today"),
    path("list/", views.reading_list, name="list"),
    path("feeds/", views.feeds, name="feeds"),
    path("feeds/<category:category>/", views.try_now, name="try_now"),
    path("<day:day>/", views.day, name="day"),
    path("<arxiv_id:arxiv_id>/", views.paper, name="paper"),
    path("<arxiv_id:arxiv_id>/keep/", views.keep, name="keep"),
    path("<arxiv_id:arxiv_id>/hide/", views.hide, name="hide"),
]
