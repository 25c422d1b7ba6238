from django.urls import path

from curriculum import views
from progress.views import step

app_name = "curriculum"

urlpatterns = [
    path("", views.curricula, name="list"),
    path("resources/", views.resources, name="resources"),
    path("resources/<slug:slug>/", views.resource, name="resource"),
    path("<slug:slug>/", views.curriculum, name="curriculum"),
    path("<slug:slug>/releases/", views.releases, name="releases"),
    path("<slug:slug>/releases/<int:number>/", views.release, name="release"),
    path("<slug:slug>/releases/<int:number>/file/", views.release_file, name="release_file"),
    path("<slug:slug>/<slug:step_slug>/", step, name="step"),
]
