from django.urls import path

from bookmarks import views

app_name = "bookmarks"

urlpatterns = [
    path("", views.saved, name="list"),
    path("press/", views.press, name="press"),
    path("<int:pk>/", views.one, name="one"),
]
