from django.urls import path

from search import views

app_name = "search"

urlpatterns = [
    path("", views.search, name="search"),
    path("suggest/", views.suggest, name="suggest"),
    path("alike/", views.alike, name="alike"),
    path("alike/<int:pk>/same/", views.same, name="same"),
    path("forget/", views.forget, name="forget"),
]
